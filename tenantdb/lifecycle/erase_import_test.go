package lifecycle_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestEraseNamesTheTenantsThatItsExportsBecame(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "once")
	path := filepath.Join(t.TempDir(), "acme.tar")
	if _, err := w.m.Export(t.Context(), id, path); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Import(t.Context(), path, creation{ID: tenanttest.ID(t, "beta")}); err != nil {
		t.Fatal(err)
	}
	e, err := w.m.Erase(t.Context(), id)
	if err != nil || !slices.ContainsFunc(e.Unreached, func(u lifecycle.Unreached) bool { return u.What == "tenant" && u.Where == "beta" }) {
		t.Errorf("unreached are %+v, %v", e.Unreached, err)
	}
}
