package many

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// service is an open folder as the reference application has it, with a rollup of what is in
// its tenants' audit logs.
type service struct {
	path    string
	hour    time.Time // the one window of the rollup, in which all was written
	dir     *tenantdb.Dir
	store   *tenant.Store
	global  *global.DB
	catalog *catalog.Catalog
	entries *fleet.Rollup[tenant.Schema, global.Schema, int64]
}

func serve(ctx context.Context, path string) (_ *service, err error) {
	w := &service{path: path, hour: time.Now().UTC().Truncate(time.Hour)}
	if w.dir, err = tenantdb.Open(ctx, tenantdb.Options{Path: path}); err != nil {
		return nil, err
	}
	if w.store, err = tenant.Open(ctx, w.dir); err == nil {
		w.global, err = global.Open(ctx, w.dir)
	}
	if err == nil {
		w.catalog, err = catalog.Open(ctx, w.dir)
	}
	if err == nil {
		o := fleet.RollupOptions{Name: "entries", Since: w.hour, Now: func() time.Time { return w.hour.Add(time.Hour) }}
		w.entries, err = fleet.NewRollup(w.store, w.global, w.catalog, o, countEntries, writeEntries)
	}
	if err != nil {
		return nil, errors.Join(err, w.dir.Close())
	}
	return w, nil
}

func (w *service) close() error { return w.dir.Close() }

func (w *service) rollUp(ctx context.Context, o fleet.Options) error { return w.entries.Run(ctx, o) }

func countEntries(ctx context.Context, tx *tenant.ReadTx, _ fleet.Window) (int64, error) {
	return tenant.NewReader(tx).CountAuditLog(ctx)
}

func writeEntries(ctx context.Context, tx *global.Tx, id tenantdb.ID, window fleet.Window, n int64) error {
	return global.New(tx).UpsertTenantHourlyStats(ctx, global.UpsertTenantHourlyStatsParams{
		TenantID: id.String(), HourMs: window.From.UnixMilli(), Total: n, Succeeded: n, UpdatedMs: window.Until.UnixMilli(),
	})
}

// rolledUp asks the rollup's table what query asks the tenants, and holds that so many have
// so many rows each.
func (w *service) rolledUp(ctx context.Context, tenants, rows int) error {
	stats, err := global.NewReader(w.global).ListTenantStats(ctx, global.ListTenantStatsParams{
		FromMs: w.hour.UnixMilli(), UntilMs: w.hour.Add(time.Hour).UnixMilli(), MaxRows: int64(tenants) + 1,
	})
	if err != nil {
		return err
	}
	if len(stats) != tenants {
		return fmt.Errorf("%d tenants are summed up, of %d", len(stats), tenants)
	}
	for _, of := range stats {
		if of.Total != int64(rows) {
			return fmt.Errorf("%s has %d rows by the rollup, of %d", of.TenantID, of.Total, rows)
		}
	}
	return nil
}
