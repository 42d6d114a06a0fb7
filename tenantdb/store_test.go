package tenantdb_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestEachTenantSeesItsOwnRowsOnly(t *testing.T) {
	store := openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{}))
	acmeCtx, acme := create(t, store, "acme")
	globexCtx, globex := create(t, store, "globex")
	if err := errors.Join(add(acmeCtx, acme, "a"), add(globexCtx, globex, "g")); err != nil {
		t.Fatal(err)
	}
	if got, err := list(acmeCtx, acme); err != nil || !slices.Equal(got, []string{"a"}) {
		t.Errorf("acme has %q, %v", got, err)
	}
	if got, err := list(globexCtx, globex); err != nil || !slices.Equal(got, []string{"g"}) {
		t.Errorf("globex has %q, %v", got, err)
	}
}
