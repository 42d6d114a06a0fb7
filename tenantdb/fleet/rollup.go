package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// RollupOptions say what a rollup is. Name and Since are required.
type RollupOptions struct {
	// Name is what the catalog knows the rollup by. One name is one meaning: with another
	// query, another name, or [Rollup.Recompute].
	Name string

	// Period is how long a window is. Defaults to Hour.
	Period Period

	// Since is before the first row that counts, and not much before: each window since then
	// is asked for once in each tenant. Required.
	Since time.Time

	// LookBack is how many windows that are done are summed up once more by each run: as many
	// as a row may come late, and the clock be set back, together. What comes later than
	// that wants [Rollup.Recompute]. A run that finds a tenant to be summed up by a clock that was more than a
	// window ahead, sums it up again from Since. Defaults to 2; negative means none.
	LookBack int

	// Now is the clock. Defaults to time.Now.
	Now func() time.Time
}

// Rollup sums up what tenants have, window by window, into the global database: there one
// question over all tenants reads a small table and opens no tenant. T is the tenants' schema, G the
// global one, and R what is read of one window. It is safe for concurrent use.
//
// Windows are closed ones of UTC: of the hour that it is now nothing is summed up. How far each tenant is, is
// kept in the catalog ([catalog.RollupMark]) and written in the transaction of the sums, so each window
// is in once, whenever a process dies, however often and in however many processes a rollup runs.
type Rollup[T tenantdb.TenantSchema, G tenantdb.GlobalSchema, R any] struct {
	store   *tenantdb.Store[T]
	global  *tenantdb.GlobalDB[G]
	catalog *catalog.Catalog
	options RollupOptions
	read    func(ctx context.Context, tx *tenantdb.ReadTx[T], w Window) (R, error)
	write   func(ctx context.Context, tx *tenantdb.Tx[G], id tenantdb.ID, w Window, row R) error
}

// ErrBadRollup is returned by NewRollup for options that are none.
var ErrBadRollup = errors.New("no valid rollup")

const (
	defaultLookBack = 2

	// commitWindows is the most windows that one commit on the global database has in it: while
	// years are caught up with, others write between two.
	commitWindows = 500
)

// NewRollup returns a rollup; nothing runs until it is told to. The catalog is that of the global
// database.
//
// Read returns what a tenant has in a window, by a query of the tenant's schema; all windows of a commit are
// read in one snapshot. Write writes it as the tenant's window, in the place of what was written for that before (an
// upsert), also where it is nothing: rows may have been deleted. Counts and sums add up over windows and
// tenants, averages do not, so write those. Both may be called again for a window, and by several goroutines for
// several tenants.
func NewRollup[T tenantdb.TenantSchema, G tenantdb.GlobalSchema, R any](
	store *tenantdb.Store[T], global *tenantdb.GlobalDB[G], cat *catalog.Catalog, o RollupOptions,
	read func(ctx context.Context, tx *tenantdb.ReadTx[T], w Window) (R, error),
	write func(ctx context.Context, tx *tenantdb.Tx[G], id tenantdb.ID, w Window, row R) error,
) (*Rollup[T, G, R], error) {
	bad := func(format string, args ...any) (*Rollup[T, G, R], error) {
		return nil, failed("new rollup", fmt.Errorf("%w: %w", ErrBadRollup, fmt.Errorf(format, args...)))
	}
	switch {
	case o.Name == "":
		return bad("RollupOptions.Name is empty")
	case o.Since.IsZero():
		return bad("rollup %s: RollupOptions.Since is not set; write when the first rows can be of", o.Name)
	case o.Period < Hour || o.Period > Month:
		return bad("rollup %s: RollupOptions.Period is %d; use Hour, Day or Month", o.Name, o.Period)
	case store == nil || global == nil || cat == nil || read == nil || write == nil:
		return bad("rollup %s: the store, the global database, the catalog or a function is nil", o.Name)
	}
	switch {
	case o.LookBack == 0:
		o.LookBack = defaultLookBack
	case o.LookBack < 0:
		o.LookBack = 0
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Rollup[T, G, R]{store: store, global: global, catalog: cat, options: o, read: read, write: write}, nil
}

// Name returns RollupOptions.Name.
func (r *Rollup[T, G, R]) Name() string { return r.options.Name }

// Run sums up all tenants that the options mean, each to the last window that is closed. A
// tenant that fails costs the others nothing: see [Each]. Options.Catalog defaults to the
// rollup's.
func (r *Rollup[T, G, R]) Run(ctx context.Context, o Options) error {
	if o.Catalog == nil {
		o.Catalog = r.catalog
	}
	return Each(ctx, r.store, o, r.catchUp)
}

// RunFrom is [Rollup.Recompute] for all tenants that the options mean, as Run goes over them.
func (r *Rollup[T, G, R]) RunFrom(ctx context.Context, from time.Time, o Options) error {
	if o.Catalog == nil {
		o.Catalog = r.catalog
	}
	return Each(ctx, r.store, o, r.again(from))
}

// RunTenant sums up one tenant, as after a large operation on it. Errors of reaching the
// tenant are those of [tenantdb.Store.Resolve].
func (r *Rollup[T, G, R]) RunTenant(ctx context.Context, id tenantdb.ID) error {
	return r.store.Visit(ctx, id, r.catchUp)
}

// Recompute sums up one tenant again, all windows from the one that from is in, as after an import
// of old rows, and those before it that are not in yet. What it does not reach stays as it was.
func (r *Rollup[T, G, R]) Recompute(ctx context.Context, id tenantdb.ID, from time.Time) error {
	return r.store.Visit(ctx, id, r.again(from))
}
