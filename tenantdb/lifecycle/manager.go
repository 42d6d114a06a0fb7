package lifecycle

import (
	"log/slog"
	"path/filepath"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/durable"
)

// Options configure a Manager. The zero value of each field means its default. They are
// copied by New.
type Options struct {
	// Backups is where backups are kept. Defaults to a [Folder] at DIR/backups.
	Backups Target

	// UndeleteFor is how long a deleted tenant can be brought back before
	// [Manager.Purge] removes it. Defaults to 30 days; negative means not at all.
	UndeleteFor time.Duration

	// Hooks are called around each operation, in their order before and in the reverse
	// order after it. Defaults to none.
	Hooks []Hook

	// Workers is how many tenants [Manager.BackupAll] works on at once. Defaults to 2.
	Workers int

	// Now is the clock by which windows and retention are measured. Defaults to time.Now.
	Now func() time.Time

	// Logger is told of operations that could not be recorded, and of leftovers that could
	// not be removed. Defaults to none.
	Logger *slog.Logger
}

const (
	defaultUndelete = 30 * 24 * time.Hour
	defaultWorkers  = 2
	backupsFolder   = "backups"
	workFolder      = "work"
	locksFolder     = "locks"
)

// Manager runs operations on the tenants of one Dir. It is safe for concurrent use; there
// may be several on one Dir, in several processes. It holds nothing open, is of use until
// the Dir is closed, and needs no closing itself.
//
// An operation must not be called with a context of a callback of Write or Read on the
// tenant or the catalog, nor from a hook or function of an operation on the same tenant
// ([ErrNested]). All of them end early, undone, when their context ends, up to the step that
// cannot be undone; then they go on to their end. While another operation on the tenant runs, they wait, until
// the context ends.
type Manager[S tenantdb.TenantSchema] struct {
	store   *tenantdb.Store[S]
	catalog *catalog.Catalog
	options Options
	root    string
	locks   locks
	files   durable.Files     // the zero value, but in tests
	step    func(what string) // called before each step; tests end the process there
}

// New returns a Manager of the tenants of store, which the catalog registers: both are of
// one Dir. It makes no files, and starts nothing.
func New[S tenantdb.TenantSchema](store *tenantdb.Store[S], cat *catalog.Catalog, options Options) (*Manager[S], error) {
	dir := store.Dir()
	if dir == nil || cat == nil {
		return nil, &tenantdb.Error{Op: "new lifecycle manager", Err: tenantdb.ErrNoHandle, Hint: "open a store and a catalog of one Dir first"}
	}
	if options.UndeleteFor == 0 {
		options.UndeleteFor = defaultUndelete
	}
	if options.Workers <= 0 {
		options.Workers = defaultWorkers
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	m := &Manager[S]{
		store: store, catalog: cat, options: options, root: dir.Path(),
		locks: locks{folder: filepath.Join(dir.Path(), locksFolder)},
		step:  func(string) {},
	}
	if m.options.Backups == nil {
		m.options.Backups = NewFolder(filepath.Join(m.root, backupsFolder))
	}
	return m, nil
}

// Catalog returns the catalog that the Manager was made with.
func (m *Manager[S]) Catalog() *catalog.Catalog { return m.catalog }

// Store returns the store that the Manager was made with.
func (m *Manager[S]) Store() *tenantdb.Store[S] { return m.store }
