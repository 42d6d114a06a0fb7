package fleet_test

import (
	"context"
	"slices"
	"strings"
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
