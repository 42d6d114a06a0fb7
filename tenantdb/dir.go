package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/lease"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Dir is an open data folder: its tenants' files, those of them that are open, and
// the global database. Several processes may have one folder open. A Dir is safe
// for concurrent use; a process needs one for each folder.
type Dir struct {
	options Options
	layout  layout
	tenants *lease.Cache[ID, *database]
	global  *lease.Cache[ID, *database] // of one, under the zero ID
	gate    atomic.Pointer[Gate]        // what Resolve asks about a tenant, if anything
	watcher *watcher                    // of what the gate says about open tenants
	unasked unasked                     // whether a catalog that is there is not asked

	warm       *warmKeeper
	guestReads int32 // see its constant

	unsettled sync.Map // ID → struct{}: of whose file a commit failed; see settle

	schemas   sync.Map      // digest of a schema's migrations → *sqlite.Schemas
	templates templates     // of new tenants' files
	objects   sync.Map      // objectsKey → what files of a schema have in theirs
	creating  chan struct{} // holds a token for each file that is being created

	files   durable.Files    // the zero value, but in tests
	now     func() time.Time // time.Now, but in tests
	epoch   time.Time        // see clock
	copies  copies           // of tenants' files that are being taken
	copying chan struct{}    // holds a token for each of these

	present presence // which tenants have a file
	apart   *apart   // tenants that are opened apart from the calls that want them

	names   chan struct{} // holds a token while a goroutine is within withNames
	closing atomic.Bool   // Close was called

	openings   atomic.Int64 // files opened
	migrations atomic.Int64 // files migrated, for Stats
	expelled   atomic.Int64 // calls of readers that were ended, for Stats

	slowAfter int64  // Options.SlowAfter, in nanoseconds
	ledger    ledger // of the calls on tenants that are not open
}

// Open opens the data folder, creating it if it does not exist, and removes what
// processes that died while creating tenants have left there. The context bounds
// Open alone. It starts one goroutine, which closes idle tenants and ends with
// [Dir.Close].
func Open(ctx context.Context, options Options) (*Dir, error) {
	options, err := options.withDefaults(maxFiles())
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, &Error{Op: "open", Path: options.Path, Err: sqlite.Ended(ctx)}
	}
	layout, err := openLayout(options.Path, options.Layout)
	if err != nil {
		failed := &Error{Op: "open", Path: options.Path, Err: err}
		var ofSystem *fs.PathError
		if errors.As(err, &ofSystem) {
			failed.Hint = "Options.Path must be a folder that this process may make and write"
		}
		return nil, failed
	}
	swept, err := layout.sweep(time.Now())
	if err != nil {
		return nil, &Error{Op: "open", Path: options.Path, Err: err}
	}
	for _, path := range swept {
		options.Logger.Warn("tenantdb: removed a file that a process which died was creating", slog.String("path", path))
	}
	d := &Dir{options: options, layout: layout, names: make(chan struct{}, 1), apart: newApart(), warm: newWarmKeeper(), guestReads: guestReads, creating: make(chan struct{}, atOnce()), copying: make(chan struct{}, atOnce()), now: time.Now, epoch: time.Now(), slowAfter: int64(options.SlowAfter)}
	d.watcher = newWatcher(d)
	go d.warm.run()
	closeDatabase := func(_ ID, db *database) error { return db.fail(db.close()) }
	sweep := sweepEvery
	if options.IdleAfter > 0 {
		sweep = min(sweep, options.IdleAfter)
	}
	d.tenants = lease.New(lease.Options[ID, *database]{
		Limit: options.MaxOpen, IdleAfter: options.IdleAfter, SweepEvery: sweep,
		Opening: atOnce(), Close: closeDatabase,
		OnCloseError: func(id ID, err error) {
			options.Logger.Error("tenantdb: closing a tenant failed", slog.String("tenant", id.name), slog.Any("error", err))
		},
	})
	d.global = lease.New(lease.Options[ID, *database]{Limit: 1, IdleAfter: -1, Close: closeDatabase})
	return d, nil
}

// Close lets no new call begin ([ErrClosed]), waits for those under way, and closes
// all files. It must not be called from a callback of Write or Read, for which it
// would wait for ever. It may be called twice; the second call waits for the first.
func (d *Dir) Close() error {
	if !d.opened() {
		return noHandle("close")
	}
	d.closing.Store(true)
	d.watcher.close() // first: it asks the global database
	d.apart.close()
	err := errors.Join(d.tenants.Close(), d.global.Close(), d.templates.close())
	d.apart.join()
	d.warm.close()
	d.closeSchemas()
	return err
}

// atOnce is how many tenants are opened and migrated at once, and how many created. It is
// work for the disk and the kernel, of which more at once gets no more done: each waits in
// a system call, on a thread of its own. Some more than there are processors, for they
// wait.
func atOnce() int { return max(4, 2*runtime.GOMAXPROCS(0)) }

// opened reports whether d came from Open; a nil or zero Dir did not.
func (d *Dir) opened() bool { return d != nil && d.tenants != nil }

// Path returns the data folder, absolute and with links resolved.
func (d *Dir) Path() string {
	if !d.opened() {
		return ""
	}
	return d.layout.root
}

// FolderID returns what tells the data folder from others: it was drawn when the folder was made, is recorded in its
// silo.json, and moves with it. A copy of the folder has the same.
func (d *Dir) FolderID() string {
	if !d.opened() {
		return ""
	}
	return d.layout.folder
}

// acquire leases the database at a, opening and migrating its file if need be.
func (d *Dir) acquire(ctx context.Context, a address) (lease.Lease[ID, *database], error) {
	held, ok := a.ref.Lease()
	if !ok {
		var err error
		if held, err = d.lease(ctx, a); err != nil {
			return held, err
		}
		if err := d.admitOpened(ctx, held.Value()); err != nil {
			held.Discard()
			return held, err
		}
		a.ref.Keep(held)
	}
	// The file was opened by whoever came first; it may be of another schema
	// than this handle's.
	if db := held.Value(); db.address.def != a.def {
		if err := db.serve(ctx, a.def); err != nil {
			held.Release()
			return held, explain("open", a.tenant, db.path, translate(ctx, err))
		}
	}
	return held, nil
}

// lease leases the database at a from the cache, as its use says.
func (d *Dir) lease(ctx context.Context, a address) (held lease.Lease[ID, *database], err error) {
	cache := d.cache(a)
	if a.use == ifOpen {
		held, open := cache.LeaseToStay(a.tenant)
		if !open {
			return held, errNotOpen
		}
		return held, nil
	}
	acquire := cache.Acquire
	if a.use == passingBy {
		acquire = cache.AcquireOnce
	}
	held, err = acquire(ctx, a.tenant, func(ctx context.Context) (*database, error) { return d.openFile(ctx, a) })
	if err != nil {
		err = translate(ctx, err)
		d.countUnopened(a.tenant, err)
		err = explain("open", a.tenant, d.path(a), err)
	}
	return held, err
}

// cache returns where the database at a is kept open.
func (d *Dir) cache(a address) *lease.Cache[ID, *database] {
	if a.tenant.IsZero() {
		return d.global
	}
	return d.tenants
}

// translate turns the cache's words into this package's.
func translate(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, lease.ErrFull):
		return fmt.Errorf("%w: %w", ErrTooManyOpen, sqlite.Ended(ctx))
	case errors.Is(err, lease.ErrClosed):
		return ErrClosed
	case (errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)) && !errors.Is(err, ErrTooManyFiles):
		return fmt.Errorf("%w: %w", ErrTooManyFiles, err)
	case (errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)) && !errors.Is(err, ErrDiskFull):
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	}
	return err
}
