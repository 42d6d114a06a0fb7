package lifecycle_test

import (
	"context"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// purged runs Purge a month later, and returns whom it yields.
func (w world) purged(t *testing.T) (ids []string) {
	t.Helper()
	for p, err := range w.m.Purge(t.Context()) {
		if err != nil || p.Err != nil {
			t.Errorf("purging %v: %v, %v", p.Tombstone.Tenant.ID, p.Err, err)
		}
		ids = append(ids, p.Tombstone.Tenant.ID.String())
	}
	return ids
}

func TestADeletedTenantThatIsProtectedKeepsItsFile(t *testing.T) {
	w := newWorld(t, lifecycle.Options{Now: func() time.Time { return time.Now().Add(31 * 24 * time.Hour) }})
	id := w.create(t, "acme", "once")
	if _, err := w.m.Delete(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	if err := w.cat.Protect(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if ids := w.purged(t); len(ids) > 0 {
		t.Errorf("purged %v", ids)
	}
	wantErr(t, w.m.PurgeTenant(t.Context(), id), catalog.ErrProtected)
	if _, err := w.m.Undelete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, id, "made", "once")
}

func TestPurgeLeavesATenantThatWasDeletedAnewSinceItWasListed(t *testing.T) {
	var w world
	var other tenantdb.ID
	w = newWorld(t, lifecycle.Options{
		Now: func() time.Time { return time.Now().Add(31 * 24 * time.Hour) },
		Hooks: []lifecycle.Hook{{Before: func(_ context.Context, e lifecycle.Event) error {
			if e.Operation != lifecycle.OpPurge || e.Tenant == other {
				return nil
			}
			if _, err := w.m.Undelete(t.Context(), other); err != nil {
				return err
			}
			_, err := w.m.Delete(t.Context(), other, "again")
			return err
		}}},
	})
	first := w.create(t, "acme", "once")
	other = w.create(t, "beta", "once")
	for _, id := range []tenantdb.ID{first, other} {
		if _, err := w.m.Delete(t.Context(), id, ""); err != nil {
			t.Fatal(err)
		}
	}
	if ids := w.purged(t); len(ids) != 1 || ids[0] != "acme" {
		t.Errorf("purged %v, want acme alone", ids)
	}
	if _, err := w.m.Undelete(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, other, "made", "once")
}
