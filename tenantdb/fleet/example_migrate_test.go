package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
)

// exampleBehind opens a folder with three tenants that lack the last two of three migrations.
func exampleBehind() (ctx context.Context, w world, done func()) {
	ctx = context.Background()
	folder, err := os.MkdirTemp("", "silo")
	if err != nil {
		log.Fatal(err)
	}
	for _, migrations := range []int{1, 3} {
		dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: folder, Migrate: tenantdb.MigrateVerify})
		if err != nil {
			log.Fatal(err)
		}
		if w, err = enter(ctx, dir, migrations); err != nil {
			log.Fatal(err)
		}
		if migrations == 3 {
			break
		}
		for _, id := range []string{"acme", "globex", "initech"} {
			err = errors.Join(err, w.make(ctx, id, "a note"))
		}
		if err := errors.Join(err, dir.Close()); err != nil {
			log.Fatal(err)
		}
	}
	return ctx, w, func() {
		if err := w.dir.Close(); err != nil {
			log.Fatal(err)
		}
		os.RemoveAll(folder)
	}
}

func ExampleMigrate() {
	ctx, w, done := exampleBehind()
	defer done()
	run, err := fleet.Migrate(ctx, w.store, w.cat, fleet.MigrateOptions{
		Canaries:    1,
		MaxFailures: 10,
		Result: func(r fleet.Result) {
			if r.Err != nil {
				fmt.Println(r.Tenant, r.Error, r.Next)
			}
		},
	})
	fmt.Println(run.Outcome, run.Counts, err)
	// Output: done map[done:3] <nil>
}

func ExampleStatus() {
	ctx, w, done := exampleBehind()
	defer done()
	for s, err := range fleet.Status(ctx, w.store, w.cat, fleet.StatusOptions{Verify: fleet.LookAtFiles}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(s.Tenant, s.State, s.Version, s.Pending)
	}
	// Output:
	// acme behind 1 2
	// globex behind 1 2
	// initech behind 1 2
}

func ExampleUndo() {
	ctx, w, done := exampleBehind()
	defer done()
	run, err := fleet.Migrate(ctx, w.store, w.cat, fleet.MigrateOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	undone, err := fleet.Undo(ctx, w.store, w.cat, run.ID, fleet.MigrateOptions{})
	fmt.Println(undone.Outcome, undone.Counts, err)
	// Output: done map[done:3] <nil>
}

func ExampleDown() {
	ctx, w, done := exampleBehind()
	defer done()
	only := fleet.Selection{Tenants: ids("acme")}
	if _, err := fleet.Migrate(ctx, w.store, w.cat, fleet.MigrateOptions{Select: only}); err != nil {
		fmt.Println(err)
		return
	}
	run, err := fleet.Down(ctx, w.store, w.cat, 2, fleet.MigrateOptions{Select: only})
	fmt.Println(run.Counts, err)
	// Output: map[done:1] <nil>
}

func ExampleRedo() {
	ctx, w, done := exampleBehind()
	defer done()
	run, err := fleet.Redo(ctx, w.store, w.cat, fleet.MigrateOptions{Select: fleet.Selection{Tenants: ids("acme")}})
	fmt.Println(run.Counts, err)
	// Output: map[done:1] <nil>
}

func ExampleRunning() {
	ctx, w, done := exampleBehind()
	defer done()
	fmt.Println(fleet.Running(ctx, w.store))
	// Output: false <nil>
}
