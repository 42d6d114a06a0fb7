package tenantdb

import (
	"context"

	"github.com/silokit/silo/tenantdb/query"
)

// ReadHandle is what generated code makes a Reader of: a handle of the schema S,
// a [TenantDB], [GlobalDB], [Tx] or [ReadTx]. Its method is unexported: only this
// package's handles have it, and those of other schemas have it with another type.
type ReadHandle[S any] interface {
	reads(S) query.Binding
}

// Handle is what generated code makes Queries of: a [TenantDB], [GlobalDB] or [Tx]
// of the schema S.
type Handle[S any] interface {
	ReadHandle[S]
	writes(S)
}

// brand makes handles of one schema and kind inconvertible to any other and
// incomparable with ==. A type parameter that no field mentions would not: Go
// converts between types of identical structure. It takes no space.
type brand[S, kind any] [0]func(S, kind)

type (
	tenantDBKind struct{}
	globalDBKind struct{}
	storeKind    struct{}
	txKind       struct{}
	readTxKind   struct{}
)

// Bind returns where queries made from h run. It is for generated code. A nil or
// zero handle gives a binding whose queries are [ErrNoHandle].
//
// It is a call, and not inlined, so that the generated New is inlined in its stead:
// the Queries of tenant.New(db).GetUser(…) then cost no allocation.
//
//go:noinline
func Bind[S any](h ReadHandle[S]) query.Binding {
	if h == nil {
		return query.Binding{}
	}
	var schema S
	return h.reads(schema)
}

// TenantDB is a handle to one tenant's database, made by [Store.Resolve]. It holds
// nothing open and needs no release: each call leases the tenant's open file,
// opening it if need be, and gives it back. It is safe for concurrent use.
//
// Every call's context must carry the handle's tenant: without one the error is
// [ErrNoTenant], with another [ErrTenantMismatch]. Once the tenant is deleted, calls
// are [ErrTenantGone] for good. They never reach another file: when other tools have
// replaced the file, writes are ErrTenantGone at once, and reads see the file that was
// resolved or are ErrTenantGone, until the next Resolve.
type TenantDB[S TenantSchema] struct {
	_ brand[S, tenantDBKind]
	a *address
}

// Tenant returns the tenant that the handle is of; of a nil or zero handle, the
// zero ID.
func (db *TenantDB[S]) Tenant() ID {
	if db == nil || db.a == nil {
		return ID{}
	}
	return db.a.tenant
}

func (db *TenantDB[S]) reads(S) query.Binding {
	if db == nil {
		return query.Binding{}
	}
	return db.a.binding()
}

func (db *TenantDB[S]) writes(S) {}

// Write calls f within one transaction and commits it when f returns nil. On an
// error of f, which errors.Is and errors.As find in what Write returns, on a panic and
// on runtime.Goexit it rolls
// back; a panic goes on.
//
// Transactions that write to one tenant run one after the other, in the order of
// their calls; a call waits up to Options.Wait ([ErrWriterBusy]). When ctx
// ends before f has returned, nothing is written; a commit that has begun is not
// stopped. The context given to f marks the transaction: with it, this database is
// reached through tx only ([ErrNested]). The Tx ends with f ([ErrTxDone]).
// A context from outside does not: with it, a write through this handle waits for the
// transaction to end and fails, and a read sees the state before it.
//
// A callback that uses another tenant holds two places of Options.MaxOpen, and two
// writers if it writes; callbacks that wait for one another's wait until Options.Wait
// has passed or, for a place, until their contexts end. Give such a context a deadline.
func (db *TenantDB[S]) Write(ctx context.Context, f func(ctx context.Context, tx *Tx[S]) error) error {
	if db == nil {
		return noHandle("write")
	}
	return db.a.write(ctx, func(ctx context.Context, t *transaction) error { return f(ctx, &Tx[S]{t: t}) })
}

// Read calls f with one snapshot of the database: every query in it sees the state
// at the beginning, whatever is committed meanwhile. Of the context, and of the end
// of the ReadTx, see [TenantDB.Write]. A snapshot that is held for long keeps the
// tenant's write-ahead log from being begun anew: once the log has grown beyond 64 MiB,
// one that is held for more than ten seconds is ended ([ErrSnapshotTooOld]).
func (db *TenantDB[S]) Read(ctx context.Context, f func(ctx context.Context, tx *ReadTx[S]) error) error {
	if db == nil {
		return noHandle("read")
	}
	return db.a.read(ctx, func(ctx context.Context, t *transaction) error { return f(ctx, &ReadTx[S]{t: t}) })
}

// GlobalDB is the handle to the one global database of a Dir, made by the Open
// function of generated code. It is safe for concurrent use and needs no release;
// it is open until the Dir is closed. Calls may have any context: that of a tenant
// or of none.
type GlobalDB[S GlobalSchema] struct {
	_ brand[S, globalDBKind]
	a *address
}

func (db *GlobalDB[S]) reads(S) query.Binding {
	if db == nil {
		return query.Binding{}
	}
	return db.a.binding()
}

func (db *GlobalDB[S]) writes(S) {}

// Write is [TenantDB.Write] for the global database. It is a transaction of its
// own also when it is called inside a tenant's: no transaction spans two files.
func (db *GlobalDB[S]) Write(ctx context.Context, f func(ctx context.Context, tx *Tx[S]) error) error {
	if db == nil {
		return noHandle("write")
	}
	return db.a.write(ctx, func(ctx context.Context, t *transaction) error { return f(ctx, &Tx[S]{t: t}) })
}

// Read is [TenantDB.Read] for the global database.
func (db *GlobalDB[S]) Read(ctx context.Context, f func(ctx context.Context, tx *ReadTx[S]) error) error {
	if db == nil {
		return noHandle("read")
	}
	return db.a.read(ctx, func(ctx context.Context, t *transaction) error { return f(ctx, &ReadTx[S]{t: t}) })
}

// Tx is a transaction of Write, alive until its callback returns. Calls from
// several goroutines are run one after the other.
type Tx[S any] struct {
	_ brand[S, txKind]
	t *transaction
}

func (tx *Tx[S]) reads(S) query.Binding {
	if tx == nil {
		return query.Binding{}
	}
	return tx.t.binding()
}

func (tx *Tx[S]) writes(S) {}

// ReadTx is a snapshot of Read, alive until its callback returns. Calls from
// several goroutines are run one after the other.
type ReadTx[S any] struct {
	_ brand[S, readTxKind]
	t *transaction
}

func (tx *ReadTx[S]) reads(S) query.Binding {
	if tx == nil {
		return query.Binding{}
	}
	return tx.t.binding()
}

func noHandle(op string) error { return &Error{Op: op, Err: ErrNoHandle} }
