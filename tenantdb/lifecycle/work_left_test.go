package lifecycle_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// plant writes the planted name to files of the folder.
func plant(t *testing.T, folder string, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(plantedName), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// As of a rehearsed import that died: nothing else says that there ever was to be such a tenant.
func TestDoctorFindsWhatIsLeftOfATenantThatNobodyKnows(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	plant(t, w.dir.Path(), "work/59/nobody.1.tenant.db", "work/somebody.1/copy.db")
	for _, want := range []struct {
		fix    lifecycle.Fix
		remedy lifecycle.Remedy
	}{{lifecycle.FixNothing, lifecycle.RemedyCan}, {lifecycle.FixSafe, lifecycle.RemedyMended}} {
		list, err := w.findings(t.Context(), lifecycle.DoctorOptions{Fix: want.fix})
		if err != nil || len(list) != 2 {
			t.Fatalf("Doctor finds %+v, %v", list, err)
		}
		for i, of := range []string{"nobody", "somebody"} {
			if f := list[i]; f.Kind != lifecycle.FoundLeftover || f.Tenant != tenanttest.ID(t, of) || f.Remedy != want.remedy {
				t.Errorf("Doctor finds %+v", f)
			}
		}
	}
	w.wantHealthy(t)
}
