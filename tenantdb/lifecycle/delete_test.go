package lifecycle_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestADeletedTenantComesBackAsItWasUntilItIsPurged(t *testing.T) {
	at := &clock{now: time.Now()}
	w := newWorld(t, lifecycle.Options{Now: at.Now})
	id := w.create(t, "acme", "once")
	if err := w.cat.AddAlias(t.Context(), id, "domain", "acme.example"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Suspend(t.Context(), id, lifecycle.SuspendOptions{Suspension: catalog.ReadOnly, Reason: "unpaid"}); err != nil {
		t.Fatal(err)
	}
	stone, err := w.m.Delete(t.Context(), id, "left us")
	if err != nil || stone.Tenant.State != catalog.Deleted || stone.Tenant.Reason != "left us" {
		t.Fatalf("got %+v, %v", stone, err)
	}
	if days := stone.Until.Sub(stone.Tenant.ChangedAt).Hours() / 24; days != 30 {
		t.Errorf("the window is of %v days", days)
	}
	_, err = w.store.Resolve(tenanttest.Context(t, "acme"))
	wantErr(t, err, catalog.ErrDeleted)
	if again, err := w.m.Delete(t.Context(), id, "again"); err != nil || !again.Until.Equal(stone.Until) {
		t.Errorf("again: %+v, %v", again, err)
	}
	_, err = w.m.Create(t.Context(), creation{ID: id})
	wantErr(t, err, catalog.ErrDeleted)
	w.wantHealthy(t)

	after, err := w.m.Undelete(t.Context(), id)
	if err != nil || after.State != catalog.Suspended || after.Suspension != catalog.ReadOnly || after.Reason != "unpaid" {
		t.Fatalf("got %+v, %v", after, err)
	}
	w.wantValue(t, id, "made", "once")
	if again, err := w.m.Undelete(t.Context(), id); err != nil || again.Generation != after.Generation {
		t.Errorf("again: %+v, %v", again, err)
	}
	wantErr(t, w.m.PurgeTenant(t.Context(), id), lifecycle.ErrNotDeleted)

	if _, err := w.m.Delete(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	purge := func() (n int) {
		for p, err := range w.m.Purge(t.Context()) {
			if err := errors.Join(err, p.Err); err != nil {
				t.Error(err)
			}
			n++
		}
		return n
	}
	if n := purge(); n != 0 {
		t.Errorf("%d were purged within the window", n)
	}
	at.now = at.now.Add(31 * 24 * time.Hour)
	if n := purge(); n != 1 {
		t.Errorf("%d were purged after it", n)
	}
	_, err = w.m.Undelete(t.Context(), id)
	wantErr(t, err, tenantdb.ErrUnknownTenant)
	if err := w.m.PurgeTenant(t.Context(), id); err != nil {
		t.Errorf("purging it again: %v", err)
	}
	w.create(t, "acme", "anew")
	w.wantValue(t, id, "made", "anew")
	w.wantHealthy(t)
}

func TestAnUndeleteThatTheCatalogDoesNotTakeIsUndone(t *testing.T) {
	folder := t.TempDir()
	prepareFolder(t, folder, crash{prepare: makeBystander}) // so that there is a folder of tenants
	sqlitefault.Below(t, filepath.Join(folder, "tenants"))  // whose files do not fail
	plan := sqlitefault.Below(t, folder)
	w := worldIn(t, folder, lifecycle.Options{})
	id := w.create(t, "acme", "once")
	if _, err := w.m.Delete(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	lifecycle.OnStep(w.m, func(what string) {
		if what == "mark as it was" {
			plan.Arm(sqlitefault.Fault{File: sqlitefault.Log, Op: sqlitefault.Write, Code: sqlitefault.DiskFull})
		}
	})
	_, err := w.m.Undelete(t.Context(), id)
	wantErr(t, err, tenantdb.ErrDiskFull)
	if failed := plan.Disarm(); failed == 0 {
		t.Error("nothing has failed")
	}
	lifecycle.OnStep(w.m, func(string) {})
	w.wantState(t, id, catalog.Deleted)
	w.wantHealthy(t)
	if _, err := w.m.Undelete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, id, "made", "once")
}

func TestProtectedTenantsAreNeitherDeletedNorErased(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "once")
	if err := w.cat.Protect(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	_, err := w.m.Delete(t.Context(), id, "")
	wantErr(t, err, catalog.ErrProtected)
	_, err = w.m.Erase(t.Context(), id)
	wantErr(t, err, catalog.ErrProtected)
	w.wantState(t, id, catalog.Active)
	w.wantValue(t, id, "made", "once")
}

func TestATenantThatTheCatalogDoesNotKnowIsDeletedLikeOthers(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := tenanttest.ID(t, "acme")
	if err := w.store.Create(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Delete(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Undelete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	w.wantState(t, id, catalog.Active)
	_, err := w.m.Delete(t.Context(), tenanttest.ID(t, "nobody"), "")
	wantErr(t, err, tenantdb.ErrUnknownTenant)
}

func TestSuspendRefusesAndResumeLetsInAgain(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "once")
	suspend := func(s lifecycle.SuspendOptions) catalog.Tenant {
		t.Helper()
		got, err := w.m.Suspend(t.Context(), id, s)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	suspend(lifecycle.SuspendOptions{Suspension: catalog.ReadOnly, Reason: "unpaid"})
	w.wantValue(t, id, "made", "once")
	wantErr(t, w.put(id, "a", "b"), catalog.ErrSuspended)
	first := suspend(lifecycle.SuspendOptions{Reason: "abuse"})
	_, err := w.get(id, "made")
	wantErr(t, err, catalog.ErrSuspended)
	if again := suspend(lifecycle.SuspendOptions{Reason: "abuse"}); again.Generation != first.Generation {
		t.Errorf("suspending it in the same way changed it: %+v", again)
	}
	if _, err := w.m.Resume(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := w.put(id, "a", "b"); err != nil {
		t.Error(err)
	}
	if _, err := w.m.Quarantine(t.Context(), id, "odd"); err != nil {
		t.Fatal(err)
	}
	_, err = w.get(id, "made")
	wantErr(t, err, catalog.ErrQuarantined)
	if _, err := w.m.Resume(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, id, "a", "b")
}
