package lifecycle_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestEraseNamesTheTenantsThatItsFilesBecame(t *testing.T) {
	for name, write := range map[string]func(w world, id tenantdb.ID, path string) error{
		"an export": func(w world, id tenantdb.ID, path string) error {
			_, err := w.m.Export(t.Context(), id, path)
			return err
		},
		"a bare database": func(w world, id tenantdb.ID, path string) error {
			_, err := w.store.Snapshot(t.Context(), id, path, tenantdb.SnapshotOptions{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, lifecycle.Options{})
			id, beta := w.create(t, "acme", "once"), tenanttest.ID(t, "beta")
			path := filepath.Join(t.TempDir(), "acme.copy")
			if err := write(w, id, path); err != nil {
				t.Fatal(err)
			}
			if _, err := w.m.Import(t.Context(), path, creation{ID: beta}); err != nil {
				t.Fatal(err)
			}
			if from := importedFrom(t, w, beta); from != "acme" {
				t.Errorf("of the import is recorded that it is of %q", from)
			}
			e, err := w.m.Erase(t.Context(), id)
			if err != nil || !slices.ContainsFunc(e.Unreached, func(u lifecycle.Unreached) bool { return u.What == "tenant" && u.Where == "beta" }) {
				t.Errorf("unreached are %+v, %v", e.Unreached, err)
			}
		})
	}
}

// importedFrom returns whose data a tenant has by the record of its import.
func importedFrom(t *testing.T, w world, id tenantdb.ID) string {
	t.Helper()
	for e, err := range w.cat.Entries(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Operation != string(lifecycle.OpImport) || e.Result != lifecycle.ResultOK {
			continue
		}
		var d struct{ From string }
		if err := json.Unmarshal(e.Detail, &d); err != nil {
			t.Fatal(err)
		}
		return d.From
	}
	return "nobody"
}
