package fleet_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// The reference application's bill: what each tenant used in a month, summed up from the runs
// in its own file.
func ExampleNewRollup() {
	ctx, store, gdb, cat, done := exampleService()
	defer done()

	usage, err := fleet.NewRollup(store, gdb, cat,
		fleet.RollupOptions{Name: "monthly-usage", Period: fleet.Month, Since: date(2026, 1, 1), Now: func() time.Time { return date(2026, 3, 20) }},
		func(ctx context.Context, tx *tenant.ReadTx, w fleet.Window) (tenant.SummarizeRunsRow, error) {
			return tenant.NewReader(tx).SummarizeRuns(ctx, tenant.SummarizeRunsParams{FromMs: w.From.UnixMilli(), UntilMs: w.Until.UnixMilli()})
		},
		func(ctx context.Context, tx *global.Tx, id tenantdb.ID, w fleet.Window, runs tenant.SummarizeRunsRow) error {
			_, err := global.New(tx).UpsertTenantMonthlyUsage(ctx, global.UpsertTenantMonthlyUsageParams{
				TenantID: id.String(), Month: w.From.Format("2006-01"), Runs: runs.Total, RunDurationMs: runs.RunDurationMs, UpdatedMs: w.Until.UnixMilli(),
			})
			return err
		})
	if err != nil {
		log.Fatal(err)
	}
	if err := usage.Run(ctx, fleet.Options{}); err != nil {
		log.Fatal(err)
	}

	bill, err := global.New(gdb).ListMonthlyUsage(ctx, "2026-02")
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range bill {
		fmt.Printf("%s: %d runs, %d ms\n", row.TenantID, row.Runs, row.RunDurationMs)
	}
	// Output:
	// acme: 0 runs, 0 ms
	// globex: 2 runs, 300 ms
}

func ExampleRollup_RunTenant() {
	ctx, store, gdb, cat, done := exampleService()
	defer done()
	hours := exampleHours(store, gdb, cat)
	if err := hours.RunTenant(ctx, mustID("globex")); err != nil {
		log.Fatal(err)
	}
	printHours(ctx, gdb, "globex")
	// Output:
	// 2026-02-10 08:00: 2 of 2 succeeded
}

func ExampleRollup_Recompute() {
	ctx, store, gdb, cat, done := exampleService()
	defer done()
	hours := exampleHours(store, gdb, cat)
	if err := hours.Recompute(ctx, mustID("globex"), date(2026, 2, 10)); err != nil {
		log.Fatal(err)
	}
	printHours(ctx, gdb, "globex")
	// Output:
	// 2026-02-10 08:00: 2 of 2 succeeded
}

// A service that runs a rollup until it is told to end, beside its other work.
func ExampleRollup_RunEvery() {
	ctx, store, gdb, cat, done := exampleService()
	defer done()
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error)
	go func() {
		ended <- exampleHours(store, gdb, cat).RunEvery(ctx, fleet.Schedule{
			Options: fleet.Options{Progress: func(p fleet.Progress) {
				if p.Done == p.Total {
					cancel() // the service ends
				}
			}},
			Failed: func(err error) { log.Print(err) },
		})
	}()
	fmt.Println(<-ended)
	// Output:
	// context canceled
}

func ExampleRollups() {
	ctx, store, gdb, cat, done := exampleService()
	defer done()
	if err := exampleHours(store, gdb, cat).Run(ctx, fleet.Options{}); err != nil {
		log.Fatal(err)
	}
	all, err := fleet.Rollups(ctx, cat, date(2026, 2, 11))
	if err != nil {
		log.Fatal(err)
	}
	for _, one := range all {
		fmt.Printf("%s, by the %s: %d of %d tenants behind, through %s\n", one.Name, one.Period, one.Behind, one.Tenants, one.Through.Format(time.DateOnly))
	}
	// Output:
	// hourly-stats, by the hour: 0 of 2 tenants behind, through 2026-02-11
}

func ExampleRollup_Plan() {
	ctx, store, gdb, cat, done := exampleService()
	defer done()
	hours := exampleHours(store, gdb, cat)
	plan, err := hours.Plan(ctx, time.Time{}, fleet.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d tenants, %d windows, until %s\n", plan.Tenants, plan.Windows, plan.Until.Format(time.DateOnly))
	// Output:
	// 2 tenants, 96 windows, until 2026-02-11
}

// After rows of the 10th were mended in some tenants.
func ExampleRollup_RunFrom() {
	ctx, store, gdb, cat, done := exampleService()
	defer done()
	hours := exampleHours(store, gdb, cat)
	err := hours.RunFrom(ctx, date(2026, 2, 10), fleet.Options{Select: fleet.Selection{Match: []string{"glob*"}}})
	if err != nil {
		log.Fatal(err)
	}
	printHours(ctx, gdb, "globex")
	// Output:
	// 2026-02-10 08:00: 2 of 2 succeeded
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// exampleHours is the rollup of tenant_hourly_stats.
func exampleHours(store *tenant.Store, gdb *global.DB, cat *catalog.Catalog) *fleet.Rollup[tenant.Schema, global.Schema, tenant.SummarizeRunsRow] {
	hours, err := fleet.NewRollup(store, gdb, cat,
		fleet.RollupOptions{Name: "hourly-stats", Since: date(2026, 2, 9), Now: func() time.Time { return date(2026, 2, 11) }}, sumHour, writeHour)
	if err != nil {
		log.Fatal(err)
	}
	return hours
}

func printHours(ctx context.Context, gdb *global.DB, id string) {
	rows, err := global.New(gdb).ListTenantHourlyStats(ctx, global.ListTenantHourlyStatsParams{TenantID: id, UntilMs: date(2100, 1, 1).UnixMilli()})
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range rows {
		if row.Total > 0 {
			fmt.Printf("%s: %d of %d succeeded\n", time.UnixMilli(row.HourMs).UTC().Format("2006-01-02 15:04"), row.Succeeded, row.Total)
		}
	}
}

// exampleService is exampleFleet with a global database and two runs of globex, on 10 February
// 2026.
func exampleService() (ctx context.Context, store *tenant.Store, gdb *global.DB, cat *catalog.Catalog, done func()) {
	ctx = context.Background()
	folder, err := os.MkdirTemp("", "silo")
	if err != nil {
		log.Fatal(err)
	}
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: folder})
	if err != nil {
		log.Fatal(err)
	}
	if store, err = tenant.Open(ctx, dir); err == nil {
		gdb, err = global.Open(ctx, dir)
	}
	if err == nil {
		cat, err = catalog.Open(ctx, dir)
	}
	for _, id := range ids("acme", "globex") {
		if err == nil {
			err = store.Create(ctx, id)
		}
		if err == nil {
			_, err = cat.Register(ctx, catalog.Registration{ID: id})
		}
	}
	if err == nil {
		err = store.Visit(ctx, mustID("globex"), exampleRuns)
	}
	if err != nil {
		log.Fatal(err)
	}
	return ctx, store, gdb, cat, func() {
		if err := dir.Close(); err != nil {
			log.Fatal(err)
		}
		os.RemoveAll(folder)
	}
}

func exampleRuns(ctx context.Context, db *tenant.DB) error {
	ended := date(2026, 2, 10).Add(8 * time.Hour)
	return tenant.Write(ctx, db, func(ctx context.Context, q *tenant.Queries) error {
		if _, err := q.CreateModule(ctx, tenant.CreateModuleParams{ID: "m", Slug: "m", Name: "M"}); err != nil {
			return err
		}
		if _, err := q.CreateAction(ctx, tenant.CreateActionParams{ID: "a", ModuleID: "m", Name: "A", Kind: "script", Spec: "{}"}); err != nil {
			return err
		}
		for _, run := range []string{"r1", "r2"} {
			if _, err := q.StartActionRun(ctx, tenant.StartActionRunParams{ID: run, ActionID: "a", StartedMs: ended.UnixMilli()}); err != nil {
				return err
			}
			if _, err := q.FinishActionRun(ctx, tenant.FinishActionRunParams{ID: run, Status: "succeeded", FinishedMs: ended.UnixMilli() + 150}); err != nil {
				return err
			}
		}
		return nil
	})
}
