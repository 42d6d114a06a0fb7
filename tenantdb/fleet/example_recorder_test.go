package fleet_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// A service that records what its tenants are asked while it serves, and once more at its end.
func ExampleNewRecorder() {
	ctx, dir, store, cat, done := exampleUsage()
	defer done()
	recorder, err := fleet.NewRecorder(dir, cat, fleet.RecorderOptions{Failed: func(err error) { log.Print(err) }})
	if err != nil {
		log.Fatal(err)
	}
	serving, end := context.WithCancel(ctx)
	ended := make(chan error)
	go func() { ended <- recorder.Run(serving) }()

	serveExample(ctx, store)

	end() // when the last request has ended, and before the Dir is closed
	fmt.Println(<-ended)
	printTop(ctx, cat)
	// Output:
	// context canceled
	// globex: 3 calls
}

func ExampleRecorder_Flush() {
	ctx, dir, store, cat, done := exampleUsage()
	defer done()
	recorder, err := fleet.NewRecorder(dir, cat, fleet.RecorderOptions{})
	if err != nil {
		log.Fatal(err)
	}
	serveExample(ctx, store)
	if err := recorder.Flush(ctx); err != nil {
		log.Fatal(err)
	}
	printTop(ctx, cat)
	// Output:
	// globex: 3 calls
}

// serveExample asks globex three times.
func serveExample(ctx context.Context, store *tenant.Store) {
	for range 3 {
		err := store.Visit(ctx, mustID("globex"), func(ctx context.Context, db *tenant.DB) error {
			_, err := tenant.New(db).ListModules(ctx, nil)
			return err
		})
		if err != nil {
			log.Fatal(err)
		}
	}
}

func printTop(ctx context.Context, cat *catalog.Catalog) {
	top, err := cat.Top(ctx, catalog.TopOptions{Since: time.Now().Add(-time.Hour), Limit: 1})
	if err != nil {
		log.Fatal(err)
	}
	for _, one := range top {
		fmt.Printf("%s: %d calls\n", one.Tenant, one.Calls)
	}
}

// exampleUsage is a folder with the tenant globex.
func exampleUsage() (ctx context.Context, dir *tenantdb.Dir, store *tenant.Store, cat *catalog.Catalog, done func()) {
	ctx = context.Background()
	folder, err := os.MkdirTemp("", "silo")
	if err != nil {
		log.Fatal(err)
	}
	if dir, err = tenantdb.Open(ctx, tenantdb.Options{Path: folder}); err != nil {
		log.Fatal(err)
	}
	if store, err = tenant.Open(ctx, dir); err == nil {
		cat, err = catalog.Open(ctx, dir)
	}
	if err == nil {
		err = store.Create(ctx, mustID("globex"))
	}
	if err == nil {
		_, err = cat.Register(ctx, catalog.Registration{ID: mustID("globex")})
	}
	if err != nil {
		log.Fatal(err)
	}
	return ctx, dir, store, cat, func() {
		if err := dir.Close(); err != nil {
			log.Fatal(err)
		}
		os.RemoveAll(folder)
	}
}
