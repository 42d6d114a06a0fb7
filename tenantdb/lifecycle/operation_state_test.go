package lifecycle_test

import (
	"errors"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// What a Manager says while it erases or restores is text like any other: an interrupted Erase is
// known by the tenant's operation, and a Delete with its words is finished as a Delete.
func TestNobodysReasonIsTakenForAnOperation(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "once")
	for _, reason := range []string{"it is being erased", "it is being restored"} {
		suspended, err := w.m.Suspend(t.Context(), id, lifecycle.SuspendOptions{Reason: reason})
		if err != nil || suspended.Reason != reason || suspended.Operation != "" {
			t.Errorf("suspended: %+v, %v", suspended, err)
		}
		w.wantHealthy(t) // else Doctor would have it opened
		// As a Delete leaves it that dies before it takes the file away.
		if _, err := w.cat.SetState(t.Context(), id, suspended.Generation, catalog.Change{State: catalog.Deleting, Reason: reason}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.findings(t.Context(), lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}); err != nil {
			t.Error(err)
		}
		w.wantState(t, id, catalog.Deleted)
		if _, err := w.m.Undelete(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if _, err := w.m.Resume(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		w.wantValue(t, id, "made", "once")
	}
}

// wantUnderway looks whether nobody but a Manager changes the state of a tenant whose operation has died.
func (w world) wantUnderway(t *testing.T, id tenantdb.ID, want catalog.Operation) {
	t.Helper()
	is, err := w.cat.Get(t.Context(), id)
	if err != nil || is.Operation != want {
		t.Fatalf("it is %+v, %v; want it %s", is, err, want)
	}
	_, err = w.get(id, "made")
	var state *catalog.StateError
	if !errors.As(err, &state) || state.Operation != want || !errors.Is(err, catalog.ErrUnderway) {
		t.Errorf("who wants to use it is told %v", err)
	}
	_, err = w.cat.SetState(t.Context(), id, is.Generation, catalog.Change{State: catalog.Active})
	wantErr(t, err, catalog.ErrUnderway)
	wantErr(t, w.cat.Forget(t.Context(), id, is.Generation), catalog.ErrUnderway)
	if again, err := w.cat.Get(t.Context(), id); err != nil || again.Generation != is.Generation {
		t.Errorf("it has become %+v, %v", again, err)
	}
}

func TestATenantWhoseErasureHasDiedIsAManagersAlone(t *testing.T) {
	folder := t.TempDir()
	prepareFolder(t, folder, crash{prepare: then(makeAcme, backUp)})
	if d := dieAt(t, folder, "erase", "erase files"); d.step == "" {
		t.Fatal("it did not die")
	}
	w := worldIn(t, folder, lifecycle.Options{})
	w.wantUnderway(t, acme, catalog.Erasing)
	if _, err := w.findings(t.Context(), lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}); err != nil {
		t.Error(err)
	}
	_, err := w.cat.Get(t.Context(), acme)
	wantErr(t, err, catalog.ErrNotRegistered)
	w.wantHealthy(t)
}
