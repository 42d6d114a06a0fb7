package tenantdb_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// A call of Create for a tenant that exists looks into its file, and must not do so while
// the file loses its name to another: its connection would be to one and its log of the
// other.
func TestCreatingATenantThatExistsDisturbsNobodyWhoDeletesItAndMakesItAnew(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	id, ctx := tenanttest.ID(t, "acme"), tenanttest.Context(t, "acme")
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := kit.Store.Create(t.Context(), id); err != nil && !errors.Is(err, tenantdb.ErrTenantExists) {
					t.Error(err)
				}
			}
		})
	}
	for round := range 60 {
		if err := kit.Store.Create(t.Context(), id); err != nil && !errors.Is(err, tenantdb.ErrTenantExists) {
			t.Fatal(err)
		}
		db, err := kit.Store.Resolve(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 12 {
			if err := add(ctx, db, fmt.Sprint(i)); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
		}
		if n, err := count(ctx, db, countNotes); err != nil || n != 12 {
			t.Fatalf("round %d: of 12 acknowledged writes %d are there, %v", round, n, err)
		}
		if err := kit.Store.Delete(t.Context(), id); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	close(stop)
	wg.Wait()
}
