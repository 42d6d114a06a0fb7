package fleet_test

import (
	"context"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// verify opens a folder without migrating anything by itself.
func verify(t *testing.T, folder string, migrations int) world {
	t.Helper()
	return worldIn(t, tenantdb.Options{Path: folder, Migrate: tenantdb.MigrateVerify}, migrations)
}

func TestDownTakesTheMigrationsBehindAVersionBack(t *testing.T) {
	w := verify(t, prepare(t, 3, 4), 4)
	run, err := fleet.Down(t.Context(), w.store, w.cat, 2, fleet.MigrateOptions{Select: fleet.Selection{Except: []string{name(2)}}})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, run, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 2})
	w.wantVersions(t, 2, 2, 4)
	got, of, err := w.rows(t.Context(), fleet.Options{}, "SELECT (SELECT count(*) FROM notes), (SELECT count(*) FROM sqlite_schema WHERE name IN ('tags', 'notes_body'))")
	if err != nil || len(of) > 0 || strings.Join(got, ",") != "t-000 [1 0],t-001 [1 0],t-002 [1 2]" {
		t.Errorf("%q, %v, %v", got, of, err)
	}
	// And up again.
	if _, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{}); err != nil {
		t.Fatal(err)
	}
	w.wantVersions(t, 4, 4, 4)
}

func TestUndoTakesBackWhatARunHasDoneAndNothingElse(t *testing.T) {
	folder := prepare(t, 4, 1)
	w := verify(t, folder, 4)
	if _, err := w.store.MigrateUp(t.Context(), mustID(name(3)), tenantdb.MigrateOptions{}); err != nil {
		t.Fatal(err)
	}
	change(t, folder, 2, func(older world) error {
		_, err := older.store.MigrateUp(t.Context(), mustID(name(1)), tenantdb.MigrateOptions{})
		return err
	})
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Canaries: 2})
	if err != nil {
		t.Fatal(err)
	}
	w.wantVersions(t, 4, 4, 4, 4)
	undone, err := fleet.Undo(t.Context(), w.store, w.cat, run.ID, fleet.MigrateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, undone, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 3})
	w.wantVersions(t, 1, 2, 1, 4)
	_, err = fleet.Undo(t.Context(), w.store, w.cat, 99, fleet.MigrateOptions{})
	wantErr(t, err, catalog.ErrNoRun)
}

func TestUndoTakesBackWhatARunHadBegunWhenItsProcessDied(t *testing.T) {
	w := verify(t, prepare(t, 3, 1), 4)
	run, err := w.cat.BeginRun(t.Context(), catalog.Run{Kind: fleet.KindUp, Target: 4}, ids(name(0), name(1), name(2)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if err := w.cat.BeginRunResult(t.Context(), run.ID, mustID(name(i)), 1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.store.MigrateUp(t.Context(), mustID(name(0)), tenantdb.MigrateOptions{}); err != nil { // and not name(1)
		t.Fatal(err)
	}
	undone, err := fleet.Undo(t.Context(), w.store, w.cat, run.ID, fleet.MigrateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, undone, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 1, catalog.ResultCurrent: 1})
	w.wantVersions(t, 1, 1, 1)
	_, err = fleet.Undo(t.Context(), w.store, w.cat, undone.ID, fleet.MigrateOptions{})
	wantErr(t, err, fleet.ErrNothingToUndo)
}

func TestARunOfWhichTheTenantsAreForgottenIsNotUndone(t *testing.T) {
	w := verify(t, prepare(t, 2, 1), 4)
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{})
	for i := 0; err == nil && i < 20; i++ {
		_, err = fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = fleet.Undo(t.Context(), w.store, w.cat, run.ID, fleet.MigrateOptions{})
	wantErr(t, err, fleet.ErrNothingToUndo)
	w.wantVersions(t, 4, 4)
}

func TestRedoTakesTheLastMigrationDownAndRunsItAgain(t *testing.T) {
	w := verify(t, prepare(t, 2, 3), 3)
	if err := w.store.Visit(t.Context(), mustID(name(0)), func(ctx context.Context, handle *db) error {
		return execute(ctx, handle, "INSERT INTO tags (name) VALUES ('lost')")
	}); err != nil {
		t.Fatal(err)
	}
	run, err := fleet.Redo(t.Context(), w.store, w.cat, fleet.MigrateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, run, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 2})
	w.wantVersions(t, 3, 3)
	got, _, err := w.rows(t.Context(), fleet.Options{}, "SELECT count(*) FROM tags")
	if err != nil || strings.Join(got, ",") != "t-000 [0],t-001 [0]" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWhatCannotBeTakenDownFailsAndIsAsItWas(t *testing.T) {
	w := verify(t, prepare(t, 1, 5), 5)
	for _, test := range []struct {
		to   int64
		says string
	}{
		{4, "00005_step.sql: migration failed: there is nothing in its Down"},
		{9, ""}, // it is before that already
	} {
		run, err := fleet.Down(t.Context(), w.store, w.cat, test.to, fleet.MigrateOptions{})
		if (err != nil) != (test.says != "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("to %d: %v, %v", test.to, run, err)
		}
		w.wantVersions(t, 5)
	}
	change(t, w.dir.Path(), 4, func(older world) error {
		_, err := fleet.Down(t.Context(), older.store, older.cat, 3, fleet.MigrateOptions{})
		if wantErr(t, err, tenantdb.ErrMigrationFailed); !strings.Contains(err.Error(), "not among this program's") {
			t.Error(err)
		}
		return nil
	})
	between := verify(t, prepare(t, 1, 3), 4)
	if _, err := fleet.Down(t.Context(), between.store, between.cat, 0, fleet.MigrateOptions{}); err != nil {
		t.Error(err)
	}
	between.wantVersions(t, 0)
}

func TestRunsWithoutAStoreOrACatalogAreRefused(t *testing.T) {
	w := verify(t, prepare(t, 1, 1), 1)
	for name, test := range map[string]struct {
		store *store
		cat   *catalog.Catalog
	}{"no store": {nil, w.cat}, "no catalog": {w.store, nil}} {
		t.Run(name, func(t *testing.T) {
			_, up := fleet.Migrate(t.Context(), test.store, test.cat, fleet.MigrateOptions{})
			_, down := fleet.Down(t.Context(), test.store, test.cat, 0, fleet.MigrateOptions{})
			_, redo := fleet.Redo(t.Context(), test.store, test.cat, fleet.MigrateOptions{})
			for _, err := range []error{up, down, redo} {
				wantErr(t, err, tenantdb.ErrNoHandle)
			}
			if _, err := fleet.Undo(t.Context(), test.store, test.cat, 1, fleet.MigrateOptions{}); err == nil {
				t.Error("an undo was not refused")
			}
		})
	}
	_, err := fleet.Running(t.Context(), (*store)(nil))
	wantErr(t, err, tenantdb.ErrNoHandle)
}
