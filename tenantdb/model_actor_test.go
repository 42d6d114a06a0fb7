package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// order is what an actor is to do. It crosses to another process as JSON.
type order struct {
	Do      string // single, tx, list, read, resolve, evict, look, checkpoint, truncate, hold …
	Tenant  string
	Changes []change
	End     string // of tx and of a held Write: commit, error, panic or goexit
	Ignore  bool   // tx goes on after errors of its statements
	Cancel  int    // the context ends when it has been asked so often; 0: never
	Write   bool   // what is held is a Write, else a Read
	N       int
}

// answer is what came of it.
type answer struct {
	How     string // one of the constants below
	Text    string // of the error
	Changed []int64
	Seen    []state
}

const (
	done       = ""
	constraint = "constraint"
	cancelled  = "cancelled"
	unknown    = "unknown"
	undone     = "undone" // by the callback
	failed     = "failed"
	wrong      = "wrong" // never right
)

var (
	errWrongRow = errors.New("a wrong row")
	errUndo     = errors.New("undo it")
)

func howOf(err error) string {
	switch {
	case err == nil:
		return done
	case errors.Is(err, errWrongRow):
		return wrong
	case errors.Is(err, tenantdb.ErrOutcomeUnknown):
		return unknown
	case errors.Is(err, errUndo):
		return undone
	case errors.Is(err, tenantdb.ErrConstraint):
		return constraint
	case errors.Is(err, context.Canceled):
		return cancelled
	}
	return failed
}

// actor carries out orders on one Dir, in this process or in another.
type actor struct {
	dir     *tenantdb.Dir
	store   *tenantdb.Store[cells]
	handles map[string]*tenantdb.TenantDB[cells]
	held    map[heldKey]*held
}

func newActor(folder string, maxOpen int, durability tenantdb.Durability) (*actor, error) {
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: folder, MaxOpen: maxOpen, Durability: durability, Wait: patience})
	if err != nil {
		return nil, err
	}
	tenantdb.OpenReadersAfter(dir, 4)
	store, err := tenantdb.OpenStore[cells](context.Background(), dir)
	if err != nil {
		return nil, errors.Join(err, dir.Close())
	}
	return &actor{dir: dir, store: store, handles: map[string]*tenantdb.TenantDB[cells]{}, held: map[heldKey]*held{}}, nil
}

// close ends what is held and closes the Dir.
func (a *actor) close() error {
	for key, h := range a.held {
		h.end <- "error"
		<-h.ended
		delete(a.held, key)
	}
	return a.dir.Close()
}

// do carries out an order. A call that hangs ends with its context, and is then failed.
func (a *actor) do(o order) answer {
	base, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	if o.Cancel > 0 {
		base = newCountdown(base, o.Cancel-1)
	}
	var out answer
	err := a.carryOut(base, o, &out)
	out.How = howOf(err)
	if err != nil {
		out.Text = err.Error()
	}
	return out
}

func (a *actor) carryOut(base context.Context, o order, out *answer) error {
	switch o.Do {
	case "evict":
		tenantdb.EvictIdle(a.dir, o.N)
		return nil
	case "look":
		if o.N == 3 {
			tenantdb.KeeperRests(a.dir)
		}
		for range o.N {
			tenantdb.KeeperLooks(a.dir)
		}
		return nil
	}
	id, err := tenantdb.ParseID(o.Tenant)
	if err != nil {
		return err
	}
	ctx, err := tenantdb.WithTenant(base, id)
	if err != nil {
		return err
	}
	db := a.handles[o.Tenant]
	if db == nil || o.Do == "resolve" {
		if db, err = a.store.Resolve(ctx); err != nil {
			return err
		}
		a.handles[o.Tenant] = db
	}
	switch o.Do {
	case "single":
		changed, err := o.Changes[0].run(ctx, db, o.Tenant)
		out.Changed = append(out.Changed, changed)
		return err
	case "list":
		return out.see(ctx, db, o.Tenant)
	case "read":
		return db.Read(ctx, func(ctx context.Context, tx *tenantdb.ReadTx[cells]) error {
			return errors.Join(out.see(ctx, tx, o.Tenant), out.see(ctx, tx, o.Tenant))
		})
	case "tx":
		return inTx(ctx, db, o, out)
	case "checkpoint":
		return tenantdb.Checkpoint(ctx, db)
	case "truncate":
		return truncateLog(tenantdb.PathOf(db))
	case "hold", "held list", "held write", "held end":
		return a.holding(ctx, db, o, out)
	}
	return nil // resolve
}

// see lists the tenant and notes what it reads.
func (out *answer) see(ctx context.Context, h tenantdb.ReadHandle[cells], tenant string) error {
	s, err := listAll(ctx, h, tenant)
	if err == nil {
		out.Seen = append(out.Seen, s)
	}
	return err
}

// runAll runs the changes of an order within a transaction.
func (o order) runAll(ctx context.Context, tx *tenantdb.Tx[cells], out *answer) error {
	for _, c := range o.Changes {
		changed, err := c.run(ctx, tx, o.Tenant)
		switch {
		case err == nil:
		case !o.Ignore || errors.Is(err, errWrongRow):
			return err
		case errors.Is(err, tenantdb.ErrConstraint):
			changed = refused
		default:
			changed = lost
		}
		out.Changed = append(out.Changed, changed)
	}
	if err := out.see(ctx, tx, o.Tenant); err != nil && (!o.Ignore || errors.Is(err, errWrongRow)) {
		return err
	}
	return nil
}

// inTx runs a whole transaction. It has a goroutine, which the callback may end.
func inTx(ctx context.Context, db *tenantdb.TenantDB[cells], o order, out *answer) (err error) {
	over := make(chan struct{})
	go func() {
		defer close(over)
		defer func() {
			if r := recover(); r != nil {
				err = r.(error)
			}
		}()
		err = errUndo // if the goroutine ends
		err = db.Write(ctx, func(ctx context.Context, tx *tenantdb.Tx[cells]) error {
			if err := o.runAll(ctx, tx, out); err != nil {
				return err
			}
			return end(o.End)
		})
	}()
	<-over
	return err
}

// end ends a callback.
func end(how string) error {
	switch how {
	case "error":
		return errUndo
	case "panic":
		panic(errUndo)
	case "goexit":
		runtime.Goexit()
	}
	return nil
}

// truncateLog runs the checkpoint of another tool, which cuts the log if nobody reads
// from it.
func truncateLog(path string) error {
	conn, err := sqlite.Open(context.Background(), path, 0, sqlite.Config{})
	if err != nil {
		return fmt.Errorf("opening to checkpoint: %w", err)
	}
	_, err = conn.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)", func(*sqlite.Stmt) {})
	return errors.Join(err, conn.Close())
}
