package many

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
)

// entries is how many rows a tenant of a fleet has to be summed up.
const entries = 1

// RunFleets measures so many fleets of both sizes.
func (s Setting) RunFleets(ctx context.Context, rounds int) (few, many []fleets.Fleet, err error) {
	return fleets.Plan{Few: s.Few, Many: s.Many, Dir: s.Dir, Say: s.Say, Prepare: prepareFleet}.Measure(ctx, rounds)
}

// prepareFleet makes the tenants and the migrations that they lack: what that takes is not what is measured.
func prepareFleet(ctx context.Context, root string, tenants int) error {
	return errors.Join(writeSchema(filepath.Join(root, "schema")), populate(ctx, filepath.Join(root, "data"), tenants, entries))
}

// RunFleet is a fleet's process, which migrates the tenants, asks how they stand, asks all of them, and sums them up.
func RunFleet(ctx context.Context, argument string) (fleets.Fleet, error) {
	return fleets.Run(argument, func(root string, f *fleets.Fleet) error {
		data := filepath.Join(root, "data")
		if err := operateFleet(ctx, f, data, filepath.Join(root, "schema")); err != nil {
			return err
		}
		return serveFleet(ctx, f, data)
	})
}

// operateFleet does what operators do, with the migrations of a folder.
func operateFleet(ctx context.Context, f *fleets.Fleet, data, migrations string) error {
	w, err := open(ctx, data, migrations)
	if err != nil {
		return err
	}
	nothing := func(context.Context, *tenantdb.TenantDB[tenantdb.RuntimeSchema]) error { return nil }
	err = f.Do(
		fleets.Work{Name: "migrate", Do: func(p *fleets.Pace) error { return w.migrate(ctx, p) }},
		fleets.Work{Name: "status, as seen", Do: func(*fleets.Pace) error { return w.status(ctx, f.Tenants, fleet.AsSeen) }},
		fleets.Work{Name: "status, with a look at each file", Do: func(*fleets.Pace) error { return w.status(ctx, f.Tenants, fleet.LookAtFiles) }},
		fleets.Work{Name: "ask all", Do: func(p *fleets.Pace) error { return w.ask(ctx, f.Tenants, p) }},
		fleets.Work{Name: "open each", Do: func(p *fleets.Pace) error {
			return fleet.Each(ctx, w.store, fleet.Options{Catalog: w.catalog, Progress: p.Step}, nothing)
		}},
	)
	return errors.Join(err, w.close())
}

// serveFleet does what a service does, which is of the release before the migrations.
func serveFleet(ctx context.Context, f *fleets.Fleet, data string) error {
	w, err := serve(ctx, data)
	if err != nil {
		return err
	}
	err = f.Do(
		fleets.Work{Name: "sum all up", Do: func(p *fleets.Pace) error { return w.rollUp(ctx, fleet.Options{Progress: p.Step}) }},
		fleets.Work{Name: "ask " + RolledUp, Do: func(*fleets.Pace) error { return w.rolledUp(ctx, f.Tenants, entries) }},
	)
	return errors.Join(err, w.close())
}

// migrate migrates all.
func (w *world) migrate(ctx context.Context, p *fleets.Pace) error {
	_, err := fleet.Migrate(ctx, w.store, w.catalog, fleet.MigrateOptions{Result: func(r fleet.Result) { p.Took(r.Took) }})
	return err
}

// status asks how all stand, and holds that they are current.
func (w *world) status(ctx context.Context, want int, verify fleet.Verify) error {
	current := 0
	for one, err := range fleet.Status(ctx, w.store, w.catalog, fleet.StatusOptions{Verify: verify}) {
		if err != nil {
			return err
		}
		if one.State == fleet.Current && one.Version == head {
			current++
		}
	}
	if current != want {
		return fmt.Errorf("%d tenants are current, of %d", current, want)
	}
	return nil
}

func (w *world) ask(ctx context.Context, want int, p *fleets.Pace) error {
	answers := 0
	for row, err := range fleet.Query(ctx, w.store, fleet.Options{Catalog: w.catalog, Progress: p.Step}, "SELECT count(*) FROM notes") {
		if err != nil {
			return err
		}
		answers += len(row.Values)
	}
	if answers != want {
		return fmt.Errorf("%d tenants have answered, of %d", answers, want)
	}
	return nil
}
