package fleet_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// exampleFleet opens a new data folder with two tenants, of which globex has a module.
func exampleFleet() (ctx context.Context, store *tenant.Store, cat *catalog.Catalog, done func()) {
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
		err = store.Visit(ctx, mustID("globex"), func(ctx context.Context, db *tenant.DB) error {
			_, err := tenant.New(db).CreateModule(ctx, tenant.CreateModuleParams{ID: "m1", Slug: "billing", Name: "Billing"})
			return err
		})
	}
	if err != nil {
		log.Fatal(err)
	}
	return ctx, store, cat, func() {
		if err := dir.Close(); err != nil {
			log.Fatal(err)
		}
		os.RemoveAll(folder)
	}
}

func ExampleEach() {
	ctx, store, cat, done := exampleFleet()
	defer done()
	err := fleet.Each(ctx, store, fleet.Options{Catalog: cat, Workers: 1}, func(ctx context.Context, db *tenant.DB) error {
		modules, err := tenant.New(db).ListModules(ctx, nil)
		if err == nil {
			fmt.Println(db.Tenant(), len(modules))
		}
		return err
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// acme 0
	// globex 1
}

func ExampleQuery() {
	ctx, store, cat, done := exampleFleet()
	defer done()
	for row, err := range fleet.Query(ctx, store, fleet.Options{Catalog: cat}, "SELECT slug, name FROM modules WHERE slug <> ?", "crm") {
		if err != nil {
			fmt.Println(row.Tenant, err)
			continue
		}
		fmt.Println(row.Tenant, row.Columns, row.Values)
	}
	// Output: globex [slug name] [billing Billing]
}

func ExampleReadIDs() {
	ids, err := fleet.ReadIDs(strings.NewReader("acme   # was slow last time\nglobex\n"))
	fmt.Println(ids, err)
	// Output: [acme globex] <nil>
}
