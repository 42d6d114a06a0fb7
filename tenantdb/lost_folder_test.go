package tenantdb_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// As on a disk that is not mounted any more.
func TestAFolderThatIsGoneMakesNoTenantUnknown(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	store, err := tenantdb.OpenStore[notes](t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Create(t.Context(), tenanttest.ID(t, "acme")); err != nil {
		t.Fatal(err)
	}
	acme, nobody := tenanttest.Context(t, "acme"), tenanttest.Context(t, "nobody")
	folder := filepath.Join(dir.Path(), "tenants")
	if err := os.Rename(folder, folder+".away"); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"resolve": second(store.Resolve(acme)), "admit": store.Admit(acme), "admit another": store.Admit(nobody),
	} {
		if !errors.Is(err, tenantdb.ErrCannotOpen) || errors.Is(err, tenantdb.ErrUnknownTenant) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.Rename(folder+".away", folder); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(second(store.Resolve(acme)), store.Admit(acme)); err != nil {
		t.Errorf("once it is back: %v", err)
	}
	if err := store.Admit(nobody); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("once it is back, of a tenant that is not: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }
