package tenantdb_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestExistsTellsAFileFromNoneAndFromOneThatIsMarked(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	want := func(id tenantdb.ID, want bool) {
		t.Helper()
		if got, err := kit.Store.Exists(t.Context(), id); got != want || err != nil {
			t.Errorf("got %v, %v", got, err)
		}
	}
	globex := tenanttest.ID(t, "globex")
	want(globex, false)
	path := filepath.Join(kit.Dir.Path(), "tenants", "globex.db")
	if err := os.WriteFile(path, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	want(globex, true)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	acme := kit.Tenant("acme")
	want(acme.ID, true)
	if err := tenantdb.MarkGone(t, kit.Dir, acme.DB); err != nil {
		t.Fatal(err)
	}
	want(acme.ID, false)
	if _, err := new(tenantdb.Store[notes]).Exists(t.Context(), globex); !errors.Is(err, tenantdb.ErrNoHandle) {
		t.Errorf("a zero store: %v", err)
	}
	if err := kit.Store.Delete(t.Context(), acme.ID); err != nil && !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Fatal(err)
	}
}
