package lifecycle_test

import (
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// Whoever makes a tenant's file knows its schema, so the catalog does too.
func TestTheCatalogKnowsTheSchemaOfATenantThatWasMade(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	versions := w.store.MigrationVersions()
	newest := versions[len(versions)-1]
	seen := func(how string, got catalog.Tenant, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		if got.Seen.SchemaVersion != newest || got.Seen.SizeBytes == 0 || got.Seen.At.IsZero() {
			t.Errorf("%s: it has seen %+v, want version %d", how, got.Seen, newest)
		}
	}
	acme := tenanttest.ID(t, "acme")
	made, err := w.m.Create(t.Context(), creation{ID: acme, Key: "order-1", Seed: seed("first")})
	seen("created", made, err)
	made, err = w.m.Create(t.Context(), creation{ID: tenanttest.ID(t, "other"), Key: "order-1"})
	seen("found by its key", made, err)
	made, err = w.m.Clone(t.Context(), acme, creation{ID: tenanttest.ID(t, "clone")})
	seen("cloned", made, err)
	path := filepath.Join(t.TempDir(), "acme.tar")
	if _, err := w.m.Export(t.Context(), acme, path); err != nil {
		t.Fatal(err)
	}
	made, err = w.m.Import(t.Context(), path, creation{ID: tenanttest.ID(t, "import")})
	seen("imported", made, err)
	if _, err := w.m.Backup(t.Context(), acme, lifecycle.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	made, err = w.m.RestoreAs(t.Context(), acme, lifecycle.Last, creation{ID: tenanttest.ID(t, "restored")})
	seen("made of a backup", made, err)

	// What was seen before, as by an older release, is not what there is after a restore.
	if err := w.cat.NoteSeen(t.Context(), acme, catalog.Seen{SchemaVersion: 1, SizeBytes: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Restore(t.Context(), acme, lifecycle.Last); err != nil {
		t.Fatal(err)
	}
	made, err = w.cat.Get(t.Context(), acme)
	seen("restored", made, err)

	// A file of which the catalog did not know is registered by the first operation on it.
	stray := tenanttest.ID(t, "stray")
	if err := w.store.Create(t.Context(), stray); err != nil {
		t.Fatal(err)
	}
	made, err = w.m.Suspend(t.Context(), stray, lifecycle.SuspendOptions{})
	seen("registered", made, err)
}
