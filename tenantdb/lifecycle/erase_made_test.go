package lifecycle_test

import (
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/lifecycle"
)

func TestEraseRemovesWhatOfItsDataADeadCreationOfAnotherTenantHasLeft(t *testing.T) {
	withoutRaceDetector(t)
	for _, name := range []string{"clone", "restore as", "import", "import bare"} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "data")
			op := crashing[name]
			op.prepare = then(makeBystander, op.prepare)
			prepareFolder(t, folder, op)
			if d := dieAt(t, folder, name, "activate"); d.step != "activate" {
				t.Fatalf("it died before %q", d.step)
			}
			// As if it had died before: this one has removed its own.
			plant(t, folder, "tenants/.copy.db.building.1", "tenants/.copy.db.building.1-journal", "work/2/.copy.1.tenant.db", "work/copy.1/copy.db")
			w := worldIn(t, folder, lifecycle.Options{})
			if name == "restore as" || name == "import bare" { // it is still being made, and not of that tenant
				if _, err := w.m.Erase(t.Context(), bystander); err != nil {
					t.Fatal(err)
				}
				if half := exists(filepath.Join(folder, "tenants", "copy.db")); half != (name == "restore as") {
					t.Errorf("another tenant was erased, and what was made of acme is there: %v", half)
				}
				plant(t, folder, "work/2/.copy.1.tenant.db")
			}
			e, err := w.m.Erase(t.Context(), acme)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range e.Unreached {
				if u.What == "tenant" {
					t.Errorf("the manifest tells of %+v", u)
				}
			}
			if err := is(copied, "")(t.Context(), w); err != nil {
				t.Error(err)
			}
			if err := w.leftBehind(); err != nil {
				t.Error(err)
			}
			wantNowhere(t, filepath.Join(folder, "tenants"))
			w.wantHealthy(t)
		})
	}
}

func TestACreationThatIsUndoneOrBegunAnewLeavesNoCopyOfWhatItWasMadeOf(t *testing.T) {
	withoutRaceDetector(t)
	for _, how := range mendings {
		t.Run(string(how), func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "data")
			prepareFolder(t, folder, crashing["clone"])
			if d := dieAt(t, folder, "clone", "adopt"); d.step != "adopt" {
				t.Fatalf("it died before %q", d.step)
			}
			plant(t, folder, "tenants/.copy.db.building.1")
			w := worldIn(t, folder, lifecycle.Options{})
			var err error
			if how == again {
				err = crashing["clone"].run(t.Context(), w)
			} else {
				_, err = w.findings(t.Context(), lifecycle.DoctorOptions{Fix: lifecycle.FixSafe})
			}
			if err != nil {
				t.Error(err)
			}
			wantNowhere(t, folder)
		})
	}
}
