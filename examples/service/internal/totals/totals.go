// Package totals keeps, in the global database, what is asked about all tenants: a question
// about all of them reads one table there instead of each tenant's file.
package totals

import (
	"context"
	"log/slog"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/worker"

	"github.com/silokit/silo/examples/service/gen/global"
	"github.com/silokit/silo/examples/service/gen/tenant"
)

// Totals counts in the background, one tenant's notes at a time.
type Totals struct {
	pool    *worker.Pool[tenant.Schema]
	queries *global.Queries
	log     *slog.Logger
}

// New returns the totals of a store's tenants, and a function that waits for all that is still
// to be counted: call it before the files are closed.
func New(ctx context.Context, store *tenant.Store, queries *global.Queries, log *slog.Logger) (*Totals, func(), error) {
	pool, err := worker.New(context.WithoutCancel(ctx), store, worker.Options{
		Failed: func(ctx context.Context, err error) { log.ErrorContext(ctx, "counting failed", "error", err) },
	})
	if err != nil {
		return nil, nil, err
	}
	finish := func() {
		if err := pool.Close(); err != nil {
			log.ErrorContext(ctx, "counting did not end", "error", err)
		}
	}
	return &Totals{pool, queries, log}, finish, nil
}

// Refresh has the notes of the context's tenant counted soon, after the request has been
// answered. It fails for nobody: a total that was not written is written after the next change.
func (t *Totals) Refresh(ctx context.Context) {
	err := t.pool.Submit(ctx, func(ctx context.Context, db *tenant.DB) error { return t.count(ctx, db) })
	if err != nil {
		t.log.WarnContext(ctx, "not counted", "error", err)
	}
}

// count writes one tenant's total. The two databases are two files, so this is two
// transactions; done again, it replaces what it wrote.
func (t *Totals) count(ctx context.Context, db *tenant.DB) error {
	count, err := tenant.New(db).CountNotes(ctx)
	if err != nil {
		return err
	}
	return t.queries.SetTotal(ctx, global.SetTotalParams{TenantID: db.Tenant().String(), Notes: count, CountedAt: time.Now()})
}

// After returns the totals of the tenants behind one, by their IDs, at most the given number.
// The zero ID is before all.
func (t *Totals) After(ctx context.Context, id tenantdb.ID, most int64) ([]global.ListTotalsRow, error) {
	return t.queries.ListTotals(ctx, global.ListTotalsParams{After: id.String(), MaxRows: most})
}
