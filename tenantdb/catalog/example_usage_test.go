package catalog_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// What services have recorded, and what a page for operators shows of it.
func ExampleCatalog_Top() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	recordExample(ctx, c)
	top, err := c.Top(ctx, catalog.TopOptions{By: catalog.ByErrors, Limit: 1})
	if err != nil {
		log.Fatal(err)
	}
	for _, one := range top {
		fmt.Printf("%s: %d of %d calls failed, %d bytes\n", one.Tenant, one.Errors, one.Calls, one.Size)
	}
	// Output:
	// acme: 3 of 40 calls failed, 8192 bytes
}

func ExampleCatalog_Totals() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	recordExample(ctx, c)
	all, err := c.Totals(ctx, time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC), 24*time.Hour)
	if err != nil {
		log.Fatal(err)
	}
	for _, day := range all.Spans {
		fmt.Printf("%s: %d tenants, %d calls, %d errors, %d slow\n", day.From.Format(time.DateOnly), day.Tenants, day.Calls, day.Errors, day.Slow)
	}
	// Output:
	// 2026-03-01: 2 tenants, 42 calls, 3 errors, 1 slow
}

func ExampleCatalog_UsageOf() {
	ctx, _, c, closeAll := exampleCatalog()
	defer closeAll()
	recordExample(ctx, c)
	acme, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	hours, err := c.UsageOf(ctx, acme, time.Time{})
	if err != nil {
		log.Fatal(err)
	}
	for _, one := range hours {
		fmt.Printf("%s: %d calls\n", one.Hour.Format(time.RFC3339), one.Calls)
	}
	// Output:
	// 2026-03-01T09:00:00Z: 40 calls
}

// recordExample records an hour, in the place of package fleet's Recorder.
func recordExample(ctx context.Context, c *catalog.Catalog) {
	acme, err1 := tenantdb.ParseID("acme")
	globex, err2 := tenantdb.ParseID("globex")
	if err1 != nil || err2 != nil {
		log.Fatal(err1, err2)
	}
	hour := time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)
	err := c.AddUsage(ctx, []catalog.Usage{
		{Tenant: acme, Hour: hour, Calls: 40, Errors: 3, Slow: 1, Size: 8192},
		{Tenant: globex, Hour: hour, Calls: 2, Size: 4096},
	})
	if err != nil {
		log.Fatal(err)
	}
}
