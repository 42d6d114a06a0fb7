package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// died has the catalog know a run over the first so many tenants, of which the first was begun at version 1
// when the process died.
func (w world) died(t *testing.T, tenants int) (run int64) {
	t.Helper()
	var all []tenantdb.ID
	for i := range tenants {
		all = append(all, mustID(name(i)))
	}
	r, err := w.cat.BeginRun(t.Context(), catalog.Run{Kind: fleet.KindUp, Target: 4}, all)
	if err == nil {
		err = w.cat.BeginRunResult(t.Context(), r.ID, all[0], 1)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

// A process has migrated a tenant and died before it could say so, and then the file cannot be looked at. The
// run still knows that it may have changed it, and from which version.
func TestATenantThatMayBeMigratedIsNotForgottenWhenItCannotBeLookedAt(t *testing.T) {
	for ending, end := range map[string]func(t *testing.T, w world, run int64){
		"the run is undone": func(t *testing.T, w world, run int64) {
			if _, err := fleet.Undo(t.Context(), w.store, w.cat, run, fleet.MigrateOptions{}); err != nil {
				t.Fatal(err)
			}
			w.wantVersions(t, 1, 1)
		},
		"the run is resumed": func(t *testing.T, w world, run int64) {
			if _, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.Resume(run)}); err != nil {
				t.Fatal(err)
			}
			if got, want := w.results(t, run), []string{"t-000 done 1-4", "t-001 done 1-4"}; !slices.Equal(got, want) {
				t.Errorf("recorded are %q, want %q", got, want)
			}
		},
	} {
		t.Run(ending, func(t *testing.T) {
			w := verify(t, prepare(t, 2, 1), 4)
			run := w.died(t, 2)
			if _, err := w.store.MigrateUp(t.Context(), mustID(name(0)), tenantdb.MigrateOptions{}); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(w.file(name(0)), w.file("away")); err != nil {
				t.Fatal(err)
			}
			var told []string
			_, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.ResumeLast, Workers: 1, Result: func(r fleet.Result) {
				told = append(told, fmt.Sprint(r.Tenant, " ", r.Result, " ", r.Err != nil))
			}})
			wantErr(t, err, fleet.ErrSomeFailed, tenantdb.ErrUnknownTenant)
			if want := []string{"t-000 begun true", "t-001 done false"}; !slices.Equal(told, want) {
				t.Errorf("told %q, want %q", told, want)
			}
			if got, want := w.results(t, run), []string{"t-000 begun 1-0", "t-001 done 1-4"}; !slices.Equal(got, want) {
				t.Errorf("recorded are %q, want %q", got, want)
			}
			if r, err := w.cat.LastRunResult(t.Context(), mustID(name(0))); err != nil || r.Error == "" || r.Next == "" {
				t.Errorf("it is recorded as %+v, %v", r, err)
			}
			if err := os.Rename(w.file("away"), w.file(name(0))); err != nil {
				t.Fatal(err)
			}
			end(t, w, run)
		})
	}
}

// It is deleted when the run is resumed, and brought back before the run is undone.
func TestATenantThatMayBeMigratedIsNotForgottenWhenItIsSkipped(t *testing.T) {
	w := verify(t, prepare(t, 2, 1), 4)
	run, id := w.died(t, 2), mustID(name(0))
	if _, err := w.store.MigrateUp(t.Context(), id, tenantdb.MigrateOptions{}); err != nil {
		t.Fatal(err)
	}
	become := func(state catalog.State, from, to string) {
		t.Helper()
		is, err := w.cat.Get(t.Context(), id)
		if err == nil {
			_, err = w.cat.SetState(t.Context(), id, is.Generation, catalog.Change{State: state})
		}
		if err := errors.Join(err, os.Rename(w.file(from), w.file(to))); err != nil {
			t.Fatal(err)
		}
	}
	become(catalog.Deleted, name(0), "away")
	if _, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.ResumeLast}); err != nil {
		t.Fatal(err)
	}
	if got, want := w.results(t, run), []string{"t-000 skipped 1-1", "t-001 done 1-4"}; !slices.Equal(got, want) {
		t.Errorf("recorded are %q, want %q", got, want)
	}
	become(catalog.Active, "away", name(0))
	if _, err := fleet.Undo(t.Context(), w.store, w.cat, run, fleet.MigrateOptions{}); err != nil {
		t.Fatal(err)
	}
	w.wantVersions(t, 1, 1)
}

// One that is found to be as it was has failed, and nothing else.
func TestATenantThatWasBegunAndIsAsItWasHasFailed(t *testing.T) {
	w := verify(t, withTwice(t, 2, 0), 4)
	run := w.died(t, 2)
	_, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.ResumeLast})
	wantErr(t, err, fleet.ErrSomeFailed, tenantdb.ErrUnique)
	if got, want := w.results(t, run), []string{"t-000 failed 1-1", "t-001 done 1-4"}; !slices.Equal(got, want) {
		t.Errorf("recorded are %q, want %q", got, want)
	}
}

// A service of the release between has migrated it in part meanwhile: what the run found first is
// where it goes back to, also if the run is ended again.
func TestTheVersionThatARunHasFoundFirstStays(t *testing.T) {
	folder := prepare(t, 1, 1)
	w := verify(t, folder, 4)
	run := w.died(t, 1)
	change(t, folder, 2, func(between world) error {
		_, err := between.store.MigrateUp(t.Context(), mustID(name(0)), tenantdb.MigrateOptions{})
		return err
	})
	before, err := w.cat.LastRunResult(t.Context(), mustID(name(0)))
	if err != nil {
		t.Fatal(err)
	}
	held, release := holdWriterOf(t, folder, name(0), 2)
	<-held
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	var watching sync.WaitGroup
	watching.Go(func() { // until the run has begun with it once more
		for ctx.Err() == nil {
			if r, err := w.cat.LastRunResult(ctx, mustID(name(0))); err == nil && r.At.After(before.At) {
				cancel(enough)
			}
		}
	})
	_, err = fleet.Migrate(ctx, w.store, w.cat, fleet.MigrateOptions{Resume: fleet.ResumeLast})
	cancel(nil)
	watching.Wait()
	release()
	wantErr(t, err, enough)
	if got, want := w.results(t, run), []string{"t-000 begun 1-0"}; !slices.Equal(got, want) {
		t.Errorf("recorded is %q, want %q", got, want)
	}
	if _, err := fleet.Undo(t.Context(), w.store, w.cat, run, fleet.MigrateOptions{}); err != nil {
		t.Fatal(err)
	}
	w.wantVersions(t, 1)
}

func TestAnUndoIsResumedAsThatOfItsRun(t *testing.T) {
	w := verify(t, prepare(t, 2, 1), 4)
	var runs [2]int64
	for i := range runs {
		run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Select: fleet.Selection{Tenants: ids(name(i))}})
		if err != nil {
			t.Fatal(err)
		}
		runs[i] = run.ID
	}
	if err := os.Rename(w.file(name(0)), w.file("away")); err != nil {
		t.Fatal(err)
	}
	_, err := fleet.Undo(t.Context(), w.store, w.cat, runs[0], fleet.MigrateOptions{})
	wantErr(t, err, fleet.ErrSomeFailed)
	if err := os.Rename(w.file("away"), w.file(name(0))); err != nil {
		t.Fatal(err)
	}
	_, err = fleet.Undo(t.Context(), w.store, w.cat, runs[1], fleet.MigrateOptions{Resume: fleet.ResumeLast})
	wantErr(t, err, fleet.ErrOtherRun)
	w.wantVersions(t, 4, 4)
	if _, err := fleet.Undo(t.Context(), w.store, w.cat, runs[0], fleet.MigrateOptions{Resume: fleet.ResumeLast}); err != nil {
		t.Fatal(err)
	}
	w.wantVersions(t, 1, 4)
}

// Of a run of long ago it is not known who is left: it is not said to be done.
func TestARunOfWhichTheTenantsAreForgottenIsNotResumed(t *testing.T) {
	w := verify(t, withTwice(t, 2, 0), 4)
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{})
	wantErr(t, err, fleet.ErrSomeFailed)
	for range 20 {
		if _, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Select: fleet.Selection{Tenants: ids(name(1))}}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.Resume(run.ID)})
	wantErr(t, err, fleet.ErrNothingToResume)
	if now, err := w.cat.GetRun(t.Context(), run.ID); err != nil || now.Outcome != catalog.RunFailed {
		t.Errorf("it is %+v, %v", now, err)
	}
}

// A tenant that has the ID of one which the run has migrated, and that was purged since, is another.
func TestAnUndoLeavesATenantAloneThatWasMadeAnewSince(t *testing.T) {
	w := verify(t, prepare(t, 2, 1), 4)
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	is, err := w.cat.Get(t.Context(), mustID(name(0)))
	if err == nil {
		err = w.store.Delete(t.Context(), is.ID)
	}
	if err == nil {
		err = w.cat.Forget(t.Context(), is.ID, is.Generation)
	}
	if err == nil {
		err = w.make(t.Context(), name(0), "of the new one")
	}
	if err == nil {
		_, err = fleet.Undo(t.Context(), w.store, w.cat, run.ID, fleet.MigrateOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
	w.wantVersions(t, 4, 1)
	if got, want := w.results(t, run.ID), []string{"t-001 done 1-4"}; !slices.Equal(got, want) {
		t.Errorf("recorded are %q, want %q", got, want)
	}
}
