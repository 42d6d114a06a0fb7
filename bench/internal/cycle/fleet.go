package cycle

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// The steps that a fleet goes through.
const (
	StepCreate = "create"
	StepOpen   = "open"
	StepBackUp = "back up"
	StepList   = "list"
	StepDoctor = "doctor"
)

// Fleets measures so many fleets of both sizes.
func (s Setting) Fleets(ctx context.Context, rounds int) (few, many []fleets.Fleet, err error) {
	return fleets.Plan{Few: s.Few, Many: s.Many, Dir: s.Dir, Say: s.Say}.Measure(ctx, rounds)
}

// RunFleet is a fleet's process, which makes the tenants in a new folder, opens each, backs them up, lists
// them, and has Doctor look at them.
func RunFleet(ctx context.Context, argument string) (fleets.Fleet, error) {
	return fleets.Run(argument, func(root string, f *fleets.Fleet) error {
		w, err := open(ctx, root, lifecycle.Options{})
		if err != nil {
			return err
		}
		err = f.Do(
			fleets.Work{Name: StepCreate, Do: func(*fleets.Pace) error { return w.createAll(ctx, f.Tenants) }},
			fleets.Work{Name: StepOpen, Do: func(*fleets.Pace) error { return w.openAll(ctx) }},
			fleets.Work{Name: StepBackUp, Do: func(*fleets.Pace) error { return backUpAll(ctx, w.manager) }},
			fleets.Work{Name: StepList, Do: func(*fleets.Pace) error { return w.listAll(ctx, f.Tenants) }},
			fleets.Work{Name: StepDoctor, Do: func(*fleets.Pace) error { return w.lookAtAll(ctx) }},
		)
		return errors.Join(err, w.close())
	})
}

func (w *world) createAll(ctx context.Context, n int) error {
	for range n {
		if _, err := w.create(ctx, 0); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) openAll(ctx context.Context) error {
	for _, id := range w.ids {
		if err := w.read(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// listAll lists the tenants and the backups, of which there is one each.
func (w *world) listAll(ctx context.Context, want int) error {
	tenants, backups := 0, 0
	for _, err := range w.catalog.List(ctx, catalog.Filter{}) {
		if err != nil {
			return err
		}
		tenants++
	}
	for _, err := range w.manager.Backups(ctx, tenantdb.ID{}) {
		if err != nil {
			return err
		}
		backups++
	}
	if tenants != want || backups != want {
		return fmt.Errorf("%d tenants and %d backups are listed, of %d", tenants, backups, want)
	}
	return nil
}

func (w *world) lookAtAll(ctx context.Context) error {
	for finding, err := range w.manager.Doctor(ctx, lifecycle.DoctorOptions{}) {
		if err != nil {
			return err
		}
		return fmt.Errorf("Doctor finds: %s %s: %s", finding.Kind, finding.Path, finding.Problem)
	}
	return nil
}
