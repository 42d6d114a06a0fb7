package lifecycle

import (
	"log/slog"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Options configure a Manager. The zero value of each field means its default. They are
// copied by New.
type Options struct {
	// Backups is where backups are kept. Defaults to a [Folder] at DIR/backups.
	Backups Target

	// UndeleteFor is how long a deleted tenant can be brought back before
	// [Manager.Purge] removes it. Defaults to 30 days; negative means not at all.
	UndeleteFor time.Duration

	// WaitElsewhere is how long Delete, Restore and Erase wait for other processes that have the
	// tenant open. A service with a catalog closes a tenant that may not be used any more
	// within a second of the end of the calls that use it. Defaults to 10 seconds; negative means not at all.
	WaitElsewhere time.Duration

	// Hooks are called around each operation, in their order before and in the reverse
	// order after it. Defaults to none.
	Hooks []Hook

	// Rules say how often tenants are backed up, how surely, and which backups are kept. They count for
	// [Manager.BackupAll] where it takes those that are due, [Manager.Prune] and
	// [Manager.BackupStatuses]; [ParseRules] reads them from a file. Defaults to none: all are
	// always due, and all backups are kept.
	Rules []BackupRule

	// Workers is how many tenants [Manager.BackupAll] works on at once. Defaults to
	// 4: more than processors, for much of a backup waits for the disk.
	Workers int

	// Now is the clock by which windows and retention are measured. Defaults to time.Now.
	Now func() time.Time

	// Logger is told of operations that could not be recorded, and of leftovers that could
	// not be removed. Defaults to none.
	Logger *slog.Logger
}

const (
	defaultUndelete = 30 * 24 * time.Hour
	defaultWorkers  = 4
	backupsFolder   = "backups"
	workFolder      = "work"
	locksFolder     = "locks"
	keysFolder      = "keys" // in locksFolder

	defaultWaitElsewhere = 10 * time.Second
)

// Manager runs operations on the tenants of one Dir. It is safe for concurrent use; there
// may be several on one Dir, in several processes. It holds nothing open, is of use until
// the Dir is closed, and needs no closing itself. New makes them: operations of a nil or zero Manager
// panic.
//
// An operation must not be called with a context of a callback of Write or Read on the
// tenant or the catalog, nor from a hook or function of an operation on the same tenant
// ([ErrNested]). All of them end early, undone, when their context ends, up to the step that
// cannot be undone; then they go on to their end. While another operation on the tenant runs, they wait, until
// the context ends.
type Manager[S tenantdb.TenantSchema] struct {
	store   *tenantdb.Store[S]
	catalog *catalog.Catalog
	*place
}

// New returns a Manager of the tenants of store, which the catalog registers: both are of
// one Dir. It makes no files, and starts nothing. Rules that say nothing sensible are
// [ErrBadRule].
func New[S tenantdb.TenantSchema](store *tenantdb.Store[S], cat *catalog.Catalog, options Options) (*Manager[S], error) {
	dir := store.Dir()
	if dir == nil || cat == nil {
		return nil, &tenantdb.Error{Op: "new lifecycle manager", Err: tenantdb.ErrNoHandle, Hint: "open a store and a catalog of one Dir first"}
	}
	if err := checkRules(options.Rules); err != nil {
		return nil, &tenantdb.Error{Op: "new lifecycle manager", Err: err, Hint: "see BackupRule"}
	}
	return &Manager[S]{store: store, catalog: cat, place: newPlace(dir, options)}, nil
}

func (o Options) withDefaults() Options {
	if o.UndeleteFor == 0 {
		o.UndeleteFor = defaultUndelete
	}
	if o.WaitElsewhere == 0 {
		o.WaitElsewhere = defaultWaitElsewhere
	}
	if o.Workers <= 0 {
		o.Workers = defaultWorkers
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Catalog returns the catalog that the Manager was made with.
func (m *Manager[S]) Catalog() *catalog.Catalog { return m.catalog }

// Store returns the store that the Manager was made with.
func (m *Manager[S]) Store() *tenantdb.Store[S] { return m.store }
