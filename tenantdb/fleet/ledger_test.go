package fleet_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// What became of a tenant is recorded with the beginning of the next, and of the last ones at once.
func TestWhatBecameOfATenantIsRecordedAtTheLatestWhenTheNextBegins(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 3, 1)}, 3)
	var seen []string
	_, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Workers: 1, Result: func(r fleet.Result) {
		var results []string
		for of, err := range w.cat.RunResults(t.Context(), r.Run) {
			if err != nil {
				t.Fatal(err)
			}
			results = append(results, string(of.Result))
		}
		seen = append(seen, strings.Join(results, " "))
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"begun planned planned", "done begun planned", "done done done"}; !slices.Equal(seen, want) {
		t.Errorf("recorded when a tenant was done: %q, want %q", seen, want)
	}
}

// The canaries are recorded before anybody is asked whether the run goes on.
func TestCanariesAreRecordedBeforeTheyAreLookedAt(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 3, 1)}, 3)
	o := fleet.MigrateOptions{Canaries: 1}
	o.AfterCanaries = func(ctx context.Context, migrated []tenantdb.ID) error {
		r, err := w.cat.LastRunResult(ctx, migrated[0])
		if r.Result != catalog.ResultDone {
			t.Errorf("%v is recorded as %s", migrated[0], r.Result)
		}
		return err
	}
	if _, err := fleet.Migrate(t.Context(), w.store, w.cat, o); err != nil {
		t.Fatal(err)
	}
}

// A tenant that was erased takes what is recorded of it along, and what became of the others is recorded
// all the same.
func TestATenantThatIsErasedMeanwhileHoldsNoOtherUp(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 3, 1)}, 3)
	erased := mustID("a") // which is not registered, and is the first
	if err := w.store.Create(t.Context(), erased); err != nil {
		t.Fatal(err)
	}
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Workers: 1, Result: func(r fleet.Result) {
		if r.Tenant == erased {
			if _, err := w.cat.Redact(t.Context(), erased); err != nil {
				t.Error(err)
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, run, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 3})
}

// Of tenants that nothing is done to none begins: what became of them waits for others until there are 16, and
// for nobody behind the last.
func TestWhatBecameOfTenantsThatAreCurrentWaitsUntilThereAreSixteen(t *testing.T) {
	const tenants = 36
	w := worldIn(t, tenantdb.Options{Path: prepare(t, tenants, 1)}, 1)
	done := 0
	_, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Workers: 1, Result: func(r fleet.Result) {
		done++
		run, err := w.cat.GetRun(t.Context(), r.Run)
		want := done / 16 * 16
		if done == tenants {
			want = tenants
		}
		if got := run.Counts[catalog.ResultCurrent]; err != nil || got != want {
			t.Errorf("of %d that are done %d are recorded, %v, want %d", done, got, err, want)
		}
	}})
	if err != nil || done != tenants {
		t.Errorf("%d are done, %v", done, err)
	}
}

// A tenant that is deleted, or that nobody may use any more, after the run has begun is passed over.
func TestATenantThatIsTakenAwayMeanwhileIsSkipped(t *testing.T) {
	for state, change := range map[catalog.State]catalog.Change{
		catalog.Quarantined: {State: catalog.Quarantined},
		catalog.Deleted:     {State: catalog.Deleted},
	} {
		t.Run(string(state), func(t *testing.T) {
			w := worldIn(t, tenantdb.Options{Path: prepare(t, 3, 1)}, 3)
			var once sync.Once
			take := func(id tenantdb.ID) {
				is, err := w.cat.Get(t.Context(), id)
				if err == nil {
					_, err = w.cat.SetState(t.Context(), id, is.Generation, change)
				}
				if err == nil {
					err = w.store.Delete(t.Context(), id)
				}
				if err != nil {
					t.Error(err)
				}
			}
			run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Workers: 1, Result: func(fleet.Result) { once.Do(func() { take(mustID(name(1))) }) }})
			if err != nil {
				t.Fatal(err)
			}
			wantCounts(t, run, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 2, catalog.ResultSkipped: 1})
			_, err = fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.ResumeLast})
			wantErr(t, err, fleet.ErrNothingToResume)
		})
	}
}
