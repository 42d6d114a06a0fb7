package catalog

import (
	"context"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// Catalog is the registry of the tenants of one Dir. It is safe for concurrent use, of use
// until the Dir is closed, and needs no closing itself. Each of its changes is a
// transaction of its own; for several in one see [Catalog.Write] and [WriteWith]. Calls of a zero
// Catalog or [Tx] are [tenantdb.ErrNoHandle]; those of a nil one panic, as those of any nil pointer
// to a struct.
type Catalog struct {
	operations
	db      *catalogdb.DB
	aliases *memory[aliasKey, tenantdb.ID]
	keys    *verifier
}

// Open opens the catalog of dir, makes its tables in the global database if they are not
// there, and has [tenantdb.Store.Resolve] ask it from now on. It may be called again, also
// by several processes at once. Errors are those of [tenantdb.OpenGlobal]; with
// MigrateVerify a global database without the catalog's tables is
// [tenantdb.ErrSchemaBehind].
func Open(ctx context.Context, dir *tenantdb.Dir) (*Catalog, error) {
	db, err := catalogdb.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	c := &Catalog{db: db, aliases: newMemory[aliasKey, tenantdb.ID](db, hashAlias, ownAlias), keys: newVerifier(db)}
	c.now = time.Now
	c.reads = func(ctx context.Context, f func(context.Context, *catalogdb.Reader) error) error {
		return catalogdb.Read(ctx, db, f)
	}
	c.writes = func(ctx context.Context, f func(context.Context, *catalogdb.Queries) error) error {
		return catalogdb.Write(ctx, db, f)
	}
	dir.SetGate(newGate(db))
	return c, nil
}

// Tx is the catalog within a transaction, with all that a [Catalog] can do. It ends with
// the callback that it was given to, and takes the context of that callback. When one of its
// changes fails, return the error from the callback: part of it may have been written.
type Tx struct{ operations }

// operations are what can be done to a catalog, as calls of their own or within a
// transaction.
type operations struct {
	reads  func(context.Context, func(context.Context, *catalogdb.Reader) error) error
	writes func(context.Context, func(context.Context, *catalogdb.Queries) error) error
	now    func() time.Time // time.Now, but in tests
}

// read calls f with the queries of one snapshot.
func (o *operations) read(ctx context.Context, f func(context.Context, *catalogdb.Reader) error) error {
	if o.reads == nil {
		return tenantdb.ErrNoHandle
	}
	return o.reads(ctx, f)
}

// write calls f with the queries of one transaction.
func (o *operations) write(ctx context.Context, f func(context.Context, *catalogdb.Queries) error) error {
	if o.writes == nil {
		return tenantdb.ErrNoHandle
	}
	return o.writes(ctx, f)
}

func (c *Catalog) newTx(q *catalogdb.Queries) *Tx {
	tx := &Tx{}
	tx.now = c.now
	tx.reads = func(ctx context.Context, f func(context.Context, *catalogdb.Reader) error) error {
		return f(ctx, q.Reader())
	}
	tx.writes = func(ctx context.Context, f func(context.Context, *catalogdb.Queries) error) error {
		return f(ctx, q)
	}
	return tx
}

// Write calls f within one transaction, which is committed when f returns nil and undone
// otherwise. See [tenantdb.TenantDB.Write].
func (c *Catalog) Write(ctx context.Context, f func(ctx context.Context, tx *Tx) error) error {
	if c == nil || c.db == nil {
		return failed("write", tenantdb.ID{}, tenantdb.ErrNoHandle)
	}
	return c.write(ctx, func(ctx context.Context, q *catalogdb.Queries) error { return f(ctx, c.newTx(q)) })
}

// WriteWith calls f within one transaction of the application on the global database and of
// the catalog: what f writes by app and by tx is one commit, as when a customer signs up
// and a tenant is registered for them. db must be of the Dir that c is of. Otherwise it
// is [tenantdb.GlobalDB.Write].
func WriteWith[S tenantdb.GlobalSchema](ctx context.Context, c *Catalog, db *tenantdb.GlobalDB[S], f func(ctx context.Context, app *tenantdb.Tx[S], tx *Tx) error) error {
	if c == nil || c.db == nil {
		return failed("write", tenantdb.ID{}, tenantdb.ErrNoHandle)
	}
	return db.Write(ctx, func(ctx context.Context, app *tenantdb.Tx[S]) error {
		joined, err := tenantdb.JoinCatalog(c.db, app)
		if err != nil {
			return err
		}
		return f(ctx, app, c.newTx(catalogdb.New(joined)))
	})
}
