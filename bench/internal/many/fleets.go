package many

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
)

// The steps that a fleet goes through.
const (
	StepMigrate = "migrate"
	StepStatus  = "status"
	StepVerify  = "verify"
	StepQuery   = "query"
	StepEach    = "each"
)

// Fleets measures fleets of both sizes, the tenants of which are made before.
func (s Setting) Fleets(ctx context.Context, rounds int) (few, many []fleets.Fleet, err error) {
	plan := fleets.Plan{Few: s.Few, Many: s.Many, Dir: s.Dir, Say: s.Say, Prepare: prepareFleet}
	return plan.Measure(ctx, rounds)
}

// prepareFleet makes the tenants, and the migrations that they lack.
func prepareFleet(ctx context.Context, root string, tenants int) error {
	return errors.Join(writeSchema(filepath.Join(root, "schema")), populate(ctx, filepath.Join(root, "data"), tenants, 0))
}

// RunFleet is a fleet's process, which migrates the tenants, asks how they stand, and asks
// all of them. P99 is of the migration.
func RunFleet(ctx context.Context, argument string) (fleets.Fleet, error) {
	return fleets.Run(ctx, argument, func(ctx context.Context, root string, f *fleets.Fleet) ([]fleets.Step, func() error, error) {
		w, err := open(ctx, filepath.Join(root, "data"), filepath.Join(root, "schema"))
		if err != nil {
			return nil, nil, err
		}
		return []fleets.Step{
			{Name: StepMigrate, Do: func() (err error) { f.P99, err = w.migrate(ctx); return err }},
			{Name: StepStatus, Do: func() error { return w.status(ctx, f.Tenants, fleet.AsSeen) }},
			{Name: StepVerify, Do: func() error { return w.status(ctx, f.Tenants, fleet.LookAtFiles) }},
			{Name: StepQuery, Do: func() error { return w.ask(ctx, f.Tenants) }},
			{Name: StepEach, Do: func() error {
				return fleet.Each(ctx, w.store, fleet.Options{Catalog: w.catalog}, func(context.Context, *tenantdb.TenantDB[tenantdb.RuntimeSchema]) error { return nil })
			}},
		}, w.close, nil
	})
}

// migrate migrates all, and returns how long the slowest but one in a hundred took.
func (w *world) migrate(ctx context.Context) (time.Duration, error) {
	var took []float64
	_, err := fleet.Migrate(ctx, w.store, w.catalog, fleet.MigrateOptions{Result: func(r fleet.Result) { took = append(took, float64(r.Took)) }})
	return time.Duration(measure.Percentile(took, 0.99)), err
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

func (w *world) ask(ctx context.Context, want int) error {
	answers := 0
	for row, err := range fleet.Query(ctx, w.store, fleet.Options{Catalog: w.catalog}, "SELECT count(*) FROM notes") {
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
