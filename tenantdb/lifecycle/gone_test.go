package lifecycle_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// left makes what a Store.Delete leaves that dies after its mark, by a service without the catalog.
func (w world) left(t *testing.T) tenantdb.ID {
	t.Helper()
	id := tenanttest.ID(t, "acme")
	if err := w.store.Create(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	conn, err := sqlite.Open(t.Context(), filepath.Join(w.dir.Path(), "tenants", "acme.db"), 0, sqlite.Config{Mode: sqlite.Exclusive})
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"PRAGMA journal_mode=memory", fmt.Sprintf("PRAGMA application_id=%d", 0x476f6e65)} {
		if err := conn.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestATenantWhoseDeleteWasInterruptedCanBeCreatedAnew(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.left(t)
	if _, err := w.m.Create(t.Context(), creation{ID: id, Seed: seed("anew")}); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, id, "made", "anew")
	w.wantHealthy(t)
}

func TestDoctorRegistersNoTenantWhoseDeleteWasInterrupted(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	w.left(t)
	list, err := w.findings(t.Context(), lifecycle.DoctorOptions{Fix: lifecycle.FixSafe})
	if err != nil || len(list) != 1 || list[0].Remedy != lifecycle.RemedyMended {
		t.Errorf("Doctor finds %+v, %v", list, err)
	}
	if ids, err := w.store.Tenants(t.Context()); len(ids) > 0 || err != nil {
		t.Errorf("there are %v, %v", ids, err)
	}
	w.wantHealthy(t)
}
