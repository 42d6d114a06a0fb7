package lifecycle_test

import (
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// A service that makes tenants without the catalog may take a name while it is looked at.
func TestACreationWhoseNameIsTakenMeanwhileLeavesTheOthersFile(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := tenanttest.ID(t, "acme")
	taken := 0
	lifecycle.OnStep(w.m, func(what string) {
		if what == "make the file" {
			if err := w.store.Create(t.Context(), id); err != nil {
				t.Error(err)
			}
			taken++
		}
	})
	_, err := w.m.Create(t.Context(), creation{ID: id})
	wantErr(t, err, tenantdb.ErrTenantExists)
	_, err = w.cat.Get(t.Context(), id)
	wantErr(t, err, catalog.ErrNotRegistered)
	if err := w.put(id, "made", "by the other"); err != nil || taken != 1 {
		t.Errorf("the other's tenant: %v, %d", err, taken)
	}
}
