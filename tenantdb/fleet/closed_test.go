package fleet_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// everything is all that can be done with many tenants, by name.
var everything = map[string]func(ctx context.Context, w world, o fleet.MigrateOptions) error{
	"migrate": func(ctx context.Context, w world, o fleet.MigrateOptions) error {
		return ran(fleet.Migrate(ctx, w.store, w.cat, o))
	},
	"resume": func(ctx context.Context, w world, o fleet.MigrateOptions) error {
		o.Resume = fleet.ResumeLast
		return ran(fleet.Migrate(ctx, w.store, w.cat, o))
	},
	"dry run": func(ctx context.Context, w world, o fleet.MigrateOptions) error {
		o.On = tenantdb.OnCopy
		return ran(fleet.Migrate(ctx, w.store, w.cat, o))
	},
	"down": func(ctx context.Context, w world, o fleet.MigrateOptions) error {
		return ran(fleet.Down(ctx, w.store, w.cat, 1, o))
	},
	"redo": func(ctx context.Context, w world, o fleet.MigrateOptions) error {
		return ran(fleet.Redo(ctx, w.store, w.cat, o))
	},
	"undo": func(ctx context.Context, w world, o fleet.MigrateOptions) error {
		return ran(fleet.Undo(ctx, w.store, w.cat, 1, o))
	},
	"each": func(ctx context.Context, w world, o fleet.MigrateOptions) error {
		return fleet.Each(ctx, w.store, fleet.Options{Select: o.Select}, func(context.Context, *db) error { return nil })
	},
	"each of the catalog's": func(ctx context.Context, w world, o fleet.MigrateOptions) error {
		return fleet.Each(ctx, w.store, fleet.Options{Select: o.Select, Catalog: w.cat}, func(context.Context, *db) error { return nil })
	},
	"query": func(ctx context.Context, w world, o fleet.MigrateOptions) error {
		_, of, err := w.rows(ctx, fleet.Options{Select: o.Select}, "SELECT 1")
		for _, one := range of {
			err = errors.Join(err, one)
		}
		return err
	},
	"status": func(ctx context.Context, w world, o fleet.MigrateOptions) (last error) {
		for _, err := range fleet.Status(ctx, w.store, w.cat, fleet.StatusOptions{Select: o.Select}) {
			last = errors.Join(last, err)
		}
		return last
	},
}

func ran(_ catalog.Run, err error) error { return err }

// A folder that was closed is no folder without tenants, of which all would be done at once.
func TestWhatIsDoneWithManyTenantsOfAClosedFolderIsAnError(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 2, 1)}, 2)
	if _, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := w.dir.Close(); err != nil {
		t.Fatal(err)
	}
	for name, do := range everything {
		t.Run(name, func(t *testing.T) { wantErr(t, do(t.Context(), w, fleet.MigrateOptions{}), tenantdb.ErrClosed) })
	}
}

func TestAFolderThatHasLostItsTenantsIsAnError(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 2, 1)}, 2)
	tenants := filepath.Join(w.dir.Path(), "tenants")
	if err := os.Rename(tenants, tenants+".lost"); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := os.Rename(tenants+".lost", tenants); err != nil {
			t.Error(err)
		}
	}()
	for name, do := range everything {
		if name == "resume" || name == "undo" { // there is no run
			continue
		}
		t.Run(name, func(t *testing.T) { wantErr(t, do(t.Context(), w, fleet.MigrateOptions{}), fs.ErrNotExist) })
	}
}

func TestWhatIsDoneWithManyTenantsEndsWithTheCauseOfItsContext(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 2, 1)}, 2)
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(enough)
	for name, do := range everything {
		t.Run(name, func(t *testing.T) {
			err := do(ctx, w, fleet.MigrateOptions{})
			if name == "status" { // by the catalog's error, which has either
				wantErr(t, err, context.Canceled)
				return
			}
			wantErr(t, err, enough)
		})
	}
	w.wantVersions(t, 1, 1)
	for run, err := range w.cat.Runs(t.Context()) {
		t.Errorf("there is a run: %+v, %v", run, err)
	}
}

func TestWhatIsDoneWithManyTenantsRefusesASelectionThatMeansNothing(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 1, 1)}, 1)
	none := fleet.MigrateOptions{Select: fleet.Selection{Match: []string{"["}}}
	for name, do := range everything {
		if name == "resume" || name == "undo" { // there is no run
			continue
		}
		t.Run(name, func(t *testing.T) { wantErr(t, do(t.Context(), w, none), fleet.ErrBadSelection) })
	}
}
