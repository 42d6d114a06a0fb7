package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// visited collects whom Each has called its function for.
type visited struct {
	mu    sync.Mutex
	names []string
}

func (v *visited) add(id tenantdb.ID) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.names = append(v.names, id.String())
}

func (v *visited) sorted() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Sorted(slices.Values(v.names))
}

func TestEachCallsItsFunctionOnceForEachTenantWithItsOwnContextAndData(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 20, 2)}, 2)
	var seen visited
	err := fleet.Each(t.Context(), w.store, fleet.Options{Catalog: w.cat, Workers: 8}, func(ctx context.Context, handle *db) error {
		id, _ := tenantdb.TenantFrom(ctx)
		if id != handle.Tenant() {
			return fmt.Errorf("the context is of %v, the handle of %v", id, handle.Tenant())
		}
		seen.add(id)
		note, err := first(ctx, handle)
		if err == nil && note != "note of "+id.String() {
			err = fmt.Errorf("it has the note %q", note)
		}
		return errors.Join(err, addTo(ctx, handle, "another"))
	})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 20 {
		want = append(want, name(i))
	}
	if got := seen.sorted(); !slices.Equal(got, want) {
		t.Errorf("called for %v", got)
	}
}

func TestEachLeavesNoTenantOpenThatItHadToOpen(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 12, 2), MaxOpen: 6}, 2)
	ctx := tenanttest.Context(t, name(3))
	hot, err := w.store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	visit := func(visit func(context.Context, *db) error) {
		t.Helper()
		if err := fleet.Each(t.Context(), w.store, fleet.Options{Workers: 3}, visit); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		visit(func(ctx context.Context, handle *db) error { _, err := first(ctx, handle); return err })
	}
	before := w.dir.Stats()
	if _, err := first(ctx, hot); err != nil {
		t.Error(err)
	}
	if after := w.dir.Stats(); after.Open != 1 || after.Opened != before.Opened {
		t.Errorf("the tenant that was open had to be opened again, or others are: %+v, then %+v", before, after)
	}
	// What somebody else asks for meanwhile stays.
	visit(func(ctx context.Context, _ *db) error { _, err := w.store.Resolve(ctx); return err })
	if now := w.dir.Stats(); now.Open != 6 {
		t.Errorf("%d are open of those that were asked for, want 6", now.Open)
	}
}

func TestEachGoesOnAfterATenantThatFailsAndTellsOfAll(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 6, 2)}, 2)
	broken := errors.New("broken")
	var seen visited
	err := fleet.Each(t.Context(), w.store, fleet.Options{}, func(_ context.Context, handle *db) error {
		seen.add(handle.Tenant())
		switch handle.Tenant().String() {
		case name(1):
			return broken
		case name(4):
			runtime.Goexit()
		}
		return nil
	})
	wantErr(t, err, fleet.ErrSomeFailed, broken)
	var partial *fleet.PartialError
	if !errors.As(err, &partial) || partial.Done != 4 || partial.Left != 0 || len(partial.Failed) != 2 {
		t.Fatalf("%+v", partial)
	}
	if len(seen.sorted()) != 6 {
		t.Errorf("called for %v", seen.sorted())
	}
}

func TestEachIsGivenUpWhenAsManyHaveFailedAsMay(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 9, 2)}, 2)
	var calls atomic.Int32
	err := fleet.Each(t.Context(), w.store, fleet.Options{Workers: 1, MaxFailures: 2}, func(context.Context, *db) error {
		calls.Add(1)
		return errors.New("no")
	})
	wantErr(t, err, fleet.ErrStopped, fleet.ErrSomeFailed)
	var partial *fleet.PartialError
	if !errors.As(err, &partial) || partial.Left != 7 || calls.Load() != 2 {
		t.Errorf("%d calls, %+v", calls.Load(), partial)
	}
}

func TestEachEndsWhenItsContextDoes(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 9, 2)}, 2)
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("enough")
	var calls atomic.Int32
	err := fleet.Each(ctx, w.store, fleet.Options{Workers: 2}, func(ctx context.Context, _ *db) error {
		if calls.Add(1) == 2 {
			cancel(reason)
		}
		<-ctx.Done()
		return ctx.Err()
	})
	wantErr(t, err, reason)
	if errors.Is(err, fleet.ErrSomeFailed) || calls.Load() != 2 {
		t.Errorf("%d calls, %v", calls.Load(), err)
	}
}

func TestEachRefusesAContextOfATenant(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 2, 2)}, 2)
	ctx := tenanttest.Context(t, name(0))
	wantErr(t, fleet.Each(ctx, w.store, fleet.Options{}, func(context.Context, *db) error { return nil }), tenantdb.ErrTenantRebound)
	_, _, err := w.rows(ctx, fleet.Options{}, "SELECT 1")
	wantErr(t, err, tenantdb.ErrTenantRebound)
}

func TestEachPassesOverThoseThatNobodyIsLetInto(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 8, 2)}, 2)
	for i, change := range []catalog.Change{{State: catalog.Suspended}, {State: catalog.Quarantined}, {State: catalog.Deleted}, {State: catalog.Suspended, Suspension: catalog.ReadOnly}} {
		if _, err := w.cat.SetState(t.Context(), mustID(name(i)), 1, change); err != nil {
			t.Fatal(err)
		}
	}
	var seen visited
	o := fleet.Options{Catalog: w.cat}
	visit := func(_ context.Context, handle *db) error { seen.add(handle.Tenant()); return nil }
	if err := fleet.Each(t.Context(), w.store, o, visit); err != nil {
		t.Fatal(err)
	}
	if got, want := seen.sorted(), []string{name(3), name(4), name(5), name(6), name(7)}; !slices.Equal(got, want) {
		t.Errorf("called for %v", got)
	}
	// One that is named must be there.
	o.Select.Tenants = ids(name(0), name(4), "nobody")
	err := fleet.Each(t.Context(), w.store, o, visit)
	wantErr(t, err, catalog.ErrSuspended, tenantdb.ErrUnknownTenant)
}

func TestATenantWhoseFileIsLostFailsUnlessItWasDeleted(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 3, 2)}, 2)
	if err := os.Remove(w.file(name(1))); err != nil {
		t.Fatal(err)
	}
	var seen visited
	o := fleet.Options{Catalog: w.cat, Workers: 1}
	err := fleet.Each(t.Context(), w.store, o, func(ctx context.Context, handle *db) error {
		seen.add(handle.Tenant())
		if handle.Tenant().String() == name(0) { // the last one goes while the first is visited
			return errors.Join(w.store.Delete(context.WithoutCancel(ctx), mustID(name(2))), w.cat.Forget(ctx, mustID(name(2)), 1))
		}
		return nil
	})
	var partial *fleet.PartialError
	if !errors.As(err, &partial) || len(partial.Failed) != 1 || partial.Failed[0].Tenant.String() != name(1) {
		t.Errorf("%v", err)
	}
	if got := seen.sorted(); len(got) != 1 {
		t.Errorf("called for %v", got)
	}
}
