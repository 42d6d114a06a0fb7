package catalog_test

import (
	"fmt"
	"log"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

func ExampleCatalog_Rollups() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	mark, err := c.Rollup(ctx, "hourly-stats", acme) // a fleet.Rollup does this
	if err != nil {
		log.Fatal(err)
	}
	mark.Period, mark.Through, mark.RanAt = "hour", time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 8, 1, 0, 0, time.UTC)
	if err := c.AdvanceRollup(ctx, mark); err != nil {
		log.Fatal(err)
	}
	for m, err := range c.Rollups(ctx) {
		fmt.Println(m.Name, m.Tenant, m.Through.Format(time.DateTime), err)
	}
	// Output: hourly-stats acme 2026-03-01 08:00:00 <nil>
}

func ExampleCatalog_RunResults() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	var ids []tenantdb.ID
	for t, err := range c.List(ctx, catalog.Filter{}) {
		if err != nil {
			log.Fatal(err)
		}
		ids = append(ids, t.ID)
	}
	run, err := c.BeginRun(ctx, catalog.Run{Kind: "migrate", Target: 8}, ids) // fleet.Migrate does this
	if err == nil {
		err = c.BeginRunResult(ctx, run.ID, ids[0], 7) // and its process dies
	}
	if err != nil {
		log.Fatal(err)
	}
	last, err := c.LastRun(ctx, "migrate")
	if err != nil {
		log.Fatal(err)
	}
	for r, err := range c.RunResults(ctx, last.ID) {
		fmt.Println(r.Tenant, r.Result, r.From, err)
	}
	// Output:
	// acme begun 7 <nil>
	// globex planned 0 <nil>
}

// A rollup was renamed: under its old name it would be behind for ever.
func ExampleCatalog_ForgetRollup() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	acme, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	if err := c.AdvanceRollup(ctx, catalog.RollupMark{Name: "hourly-v1", Tenant: acme, Period: "hour", Through: at, RanAt: at}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.ForgetRollup(ctx, "hourly-v1"))
	// Output: 1 <nil>
}
