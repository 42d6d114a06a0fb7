package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// MigrateOptions say whose migrations are run, and how. The zero value means the defaults.
type MigrateOptions struct {
	// Select says whom. Defaults to all. It does not count for a run that is resumed.
	Select Selection

	// Workers is how many tenants are migrated at once. Defaults to 4.
	Workers int

	// Canaries is how many tenants are migrated first, one after the other: the first of those
	// that are behind. If one of them fails, nobody else is touched ([ErrStopped]). Defaults to 0.
	Canaries int

	// AfterCanaries, if not nil, is called when the canaries are migrated, with those that
	// were, before anybody else is: to look whether all is well, or to wait. With
	// an error of it the run is paused, and can be resumed; the error is what Migrate returns.
	AfterCanaries func(ctx context.Context, migrated []tenantdb.ID) error

	// MaxFailures is how many tenants may fail: with the last of them the run is stopped
	// ([ErrStopped]), when those that have begun are done. Defaults to 0: all are tried.
	MaxFailures int

	// Wait is how long is waited for others that write to a tenant's file, before that tenant has
	// failed. As many as there are Workers hold up the run for as long. Defaults to 10 minutes, for they
	// may be migrating it.
	Wait time.Duration

	// On says whether the tenants' files are migrated, or copies of them, which is a dry run:
	// what would fail fails, nothing is changed and nothing recorded, of a run that is resumed
	// either. Defaults to [tenantdb.OnFile].
	On tenantdb.MigrateOn

	// Resume says which run goes on: with the tenants that it has not come to and those
	// that failed. Defaults to none: a new run is begun.
	Resume Resume

	// Result, if not nil, is told what became of each tenant, and Progress how far the run
	// has come. They are called by one goroutine at a time, and the run waits for them.
	Result   func(Result)
	Progress func(Progress)
}

// Resume is the ID of a run that is to go on.
type Resume int64

// What is resumed beside a run of an ID.
const (
	ResumeNone Resume = 0
	ResumeLast Resume = -1 // the last one of its kind
)

// Result is what became of one tenant.
type Result struct {
	catalog.RunResult
	Names []string // the files of the migrations that were run or taken down
	Err   error    // why it failed
}

// Migrate runs the pending migrations of all tenants that are meant, while they are used: see
// [tenantdb.Store.MigrateUp]. A file at the newest migration is looked at and left alone. Tenants
// that are suspended are migrated; those that are quarantined are left out. cat is of the Dir that
// store is of.
//
// The run and its tenants are recorded in the catalog before the first of them is touched, each
// tenant before it is changed, and what became of it when the next one begins at the latest, so that
// [catalog.Catalog.RunResults] says what is true at any time; of a tenant whose change is begun it does
// not say whether it is done. If
// the process dies, or ctx ends, a run that is resumed goes on with what is left: it looks at each
// file, so nothing is done twice. One run goes over a folder at a time ([ErrRunning]).
//
// The run that is returned has its counts. If tenants failed the error is a [*PartialError], and
// their files are as they were.
func Migrate[S tenantdb.TenantSchema](ctx context.Context, store *tenantdb.Store[S], cat *catalog.Catalog, o MigrateOptions) (catalog.Run, error) {
	r := newRunner(store, cat, o, KindUp)
	if versions := store.MigrationVersions(); len(versions) > 0 {
		r.target = versions[len(versions)-1]
	}
	r.job = store.MigrateUp
	return r.run(ctx)
}

// Down takes down the migrations behind a version of all tenants that are meant, by what is under
// their `-- +goose Down`, and loses what that removes: see [tenantdb.Store.MigrateDown]. Services
// that run have to be of the release of that version, or have Options.Migrate be MigrateVerify:
// others migrate each tenant up again. All else is as with Migrate.
func Down[S tenantdb.TenantSchema](ctx context.Context, store *tenantdb.Store[S], cat *catalog.Catalog, to int64, o MigrateOptions) (catalog.Run, error) {
	r := newRunner(store, cat, o, KindDown)
	r.target = to
	r.job = func(ctx context.Context, id tenantdb.ID, o tenantdb.MigrateOptions) (tenantdb.Migrated, error) {
		return store.MigrateDown(ctx, id, to, o)
	}
	return r.run(ctx)
}

// Redo takes the last migration of each tenant down and runs it again, for development: see
// [tenantdb.Store.MigrateRedo]. All else is as with Migrate.
func Redo[S tenantdb.TenantSchema](ctx context.Context, store *tenantdb.Store[S], cat *catalog.Catalog, o MigrateOptions) (catalog.Run, error) {
	r := newRunner(store, cat, o, KindRedo)
	if versions := store.MigrationVersions(); len(versions) > 0 {
		r.target = versions[len(versions)-1]
	}
	r.job = store.MigrateRedo
	return r.run(ctx)
}

// Undo takes back what a run of Migrate has done, and nothing else: each tenant that it has
// migrated, and that is meant, goes back to the version that it had before, as by Down. One with which the
// run had begun when its process died counts, for it may be migrated. Those that were created since, or
// were not behind, stay as they are. Of a run whose tenants the catalog does not know any more the error is
// [ErrNothingToUndo]. All else is as with Down.
func Undo[S tenantdb.TenantSchema](ctx context.Context, store *tenantdb.Store[S], cat *catalog.Catalog, run int64, o MigrateOptions) (catalog.Run, error) {
	r := newRunner(store, cat, o, KindUndo)
	r.of = run
	var from map[tenantdb.ID]int64
	r.prepare = func(ctx context.Context) (err error) {
		from, err = before(ctx, cat, run)
		return err
	}
	r.among = func(id tenantdb.ID) bool { _, ok := from[id]; return ok }
	r.job = func(ctx context.Context, id tenantdb.ID, o tenantdb.MigrateOptions) (tenantdb.Migrated, error) {
		return store.MigrateDown(ctx, id, from[id], o)
	}
	return r.run(ctx)
}

// before returns of which version the tenants were that a run has migrated, or may have.
func before(ctx context.Context, cat *catalog.Catalog, run int64) (map[tenantdb.ID]int64, error) {
	of, err := cat.GetRun(ctx, run)
	if err != nil {
		return nil, err
	}
	var w wanted
	if err := json.Unmarshal(of.Wanted, &w); err != nil {
		return nil, err
	}
	switch {
	case of.Kind != KindUp:
		return nil, fmt.Errorf("%w: run %d is of the kind %q", ErrNothingToUndo, run, of.Kind)
	case len(of.Counts) == 0 && w.Tenants > 0:
		return nil, fmt.Errorf("%w: what became of the tenants of run %d is not kept any more", ErrNothingToUndo, run)
	}
	from := map[tenantdb.ID]int64{}
	for result, err := range cat.RunResults(ctx, run) {
		switch {
		case err != nil:
			return nil, err
		case result.Result == catalog.ResultBegun, result.Result == catalog.ResultDone && result.From < result.To,
			result.Result == catalog.ResultSkipped && result.From > 0: // it was begun before
			from[result.Tenant] = result.From
		}
	}
	return from, nil
}
