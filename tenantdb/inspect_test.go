package tenantdb_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestInspectSaysWhetherACopyWouldBeAdopted(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	store := openStore[notes](t, dir)
	create(t, store, "acme")
	id := tenanttest.ID(t, "acme")
	good, bad := filepath.Join(t.TempDir(), "good.db"), filepath.Join(t.TempDir(), "bad.db")
	if _, err := store.Snapshot(t.Context(), id, good, tenantdb.SnapshotOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(bad, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, looked := range []string{"acme", "globex"} { // whether the tenant is there does not matter
		if err := store.Inspect(t.Context(), tenanttest.ID(t, looked), tenantdb.Source{Path: good}); err != nil {
			t.Errorf("%s: a good copy: %v", looked, err)
		}
		if err := store.Inspect(t.Context(), tenanttest.ID(t, looked), tenantdb.Source{Path: bad}); !errors.Is(err, tenantdb.ErrUnfit) {
			t.Errorf("%s: no database: %v, want ErrUnfit", looked, err)
		}
	}
	entries, err := os.ReadDir(filepath.Join(dir.Path(), "tenants"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); filepath.Ext(name) == ".db" && name != "acme.db" {
			t.Errorf("Inspect has left %s", name)
		}
	}
}
