package lifecycle_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestDoctorGoesOnAfterAFileThatCannotBeRead(t *testing.T) {
	for what, place := range map[string]func(path string) error{
		"a folder": func(path string) error { return os.Mkdir(path, 0o700) },
		"a link":   func(path string) error { return os.Symlink(filepath.Join(t.TempDir(), "elsewhere"), path) },
	} {
		t.Run(what, func(t *testing.T) {
			w := newWorld(t, lifecycle.Options{})
			id := w.create(t, "acme", "once")
			if err := w.store.Delete(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(w.dir.Path(), "tenants", "acme.db")
			if err := place(path); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Remove(path) }) // so that the last check of the folder can read all
			orphan := "zeta"
			w.create(t, orphan, "once")
			if err := w.cat.Forget(t.Context(), tenanttest.ID(t, orphan), 2); err != nil {
				t.Fatal(err)
			}
			list, err := w.findings(t.Context(), lifecycle.DoctorOptions{Depth: lifecycle.DepthContent})
			if err != nil {
				t.Fatal(err)
			}
			kinds := map[lifecycle.FindingKind]string{}
			for _, f := range list {
				kinds[f.Kind] = f.Tenant.String()
			}
			if kinds[lifecycle.FoundDamage] != "acme" || kinds[lifecycle.FoundOrphanFile] != orphan {
				t.Errorf("got %+v, want damage of acme, and the orphan behind it", list)
			}
		})
	}
}
