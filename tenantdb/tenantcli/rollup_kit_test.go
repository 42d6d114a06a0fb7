package tenantcli_test

import (
	"context"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/tenantcli"
)

// testRollups are app's: hourly, for which it is always 06:30 of 2 March 2026, and monthly, which
// looks at the clock.
func testRollups(ctx context.Context, dir *tenantdb.Dir, cat *catalog.Catalog) ([]tenantcli.Rollup, error) {
	store, err := tenant.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	gdb, err := global.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	day := func(day int) time.Time { return time.Date(2026, time.March, day, 0, 0, 0, 0, time.UTC) }
	hourly, err := fleet.NewRollup(store, gdb, cat,
		fleet.RollupOptions{Name: "hourly", Since: day(1), Now: func() time.Time { return day(2).Add(390 * time.Minute) }}, readRuns,
		func(ctx context.Context, tx *global.Tx, id tenantdb.ID, w fleet.Window, runs tenant.SummarizeRunsRow) error {
			return global.New(tx).UpsertTenantHourlyStats(ctx, global.UpsertTenantHourlyStatsParams{
				TenantID: id.String(), HourMs: w.From.UnixMilli(), Total: runs.Total, Succeeded: runs.Succeeded, AverageDurationMs: runs.AverageDurationMs, UpdatedMs: 1,
			})
		})
	if err != nil {
		return nil, err
	}
	monthly, err := fleet.NewRollup(store, gdb, cat, fleet.RollupOptions{Name: "monthly", Period: fleet.Month, Since: day(1)}, readRuns,
		func(ctx context.Context, tx *global.Tx, id tenantdb.ID, w fleet.Window, runs tenant.SummarizeRunsRow) error {
			_, err := global.New(tx).UpsertTenantMonthlyUsage(ctx, global.UpsertTenantMonthlyUsageParams{
				TenantID: id.String(), Month: w.From.Format("2006-01"), Runs: runs.Total, RunDurationMs: runs.RunDurationMs, UpdatedMs: 1,
			})
			return err
		})
	return []tenantcli.Rollup{hourly, monthly}, err
}

func readRuns(ctx context.Context, tx *tenant.ReadTx, w fleet.Window) (tenant.SummarizeRunsRow, error) {
	return tenant.NewReader(tx).SummarizeRuns(ctx, tenant.SummarizeRunsParams{FromMs: w.From.UnixMilli(), UntilMs: w.Until.UnixMilli()})
}
