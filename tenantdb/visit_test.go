package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestAVisitClosesWhatItHadToOpen(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := tenanttest.ID(t, "acme")
	if err := kit.Store.Create(t.Context(), acme); err != nil {
		t.Fatal(err)
	}
	var kept *tenantdb.TenantDB[notes]
	visit := func(ctx context.Context, db *tenantdb.TenantDB[notes]) error {
		kept = db
		_, err := list(ctx, db)
		return err
	}
	if err := kit.Store.Visit(t.Context(), acme, visit); err != nil {
		t.Fatal(err)
	}
	if s := kit.Dir.Stats(); s.Open != 0 || s.Opened != 1 {
		t.Errorf("after a visit: %+v", s)
	}
	// A handle that is kept is as any other.
	ctx := tenanttest.Context(t, "acme")
	if err := add(ctx, kept, "y"); err != nil {
		t.Error(err)
	}
	if _, err := kit.Store.Resolve(ctx); err != nil {
		t.Fatal(err)
	}
	if err := kit.Store.Visit(t.Context(), acme, visit); err != nil {
		t.Fatal(err)
	}
	if s := kit.Dir.Stats(); s.Open != 1 || s.Opened != 2 {
		t.Errorf("after a visit to one that is open: %+v", s)
	}
}

func TestATenantCanBeDeletedWhileItIsVisited(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := tenanttest.ID(t, "acme")
	if err := kit.Store.Create(t.Context(), acme); err != nil {
		t.Fatal(err)
	}
	err := kit.Store.Visit(t.Context(), acme, func(ctx context.Context, db *tenantdb.TenantDB[notes]) error {
		if err := add(ctx, db, "x"); err != nil {
			return err
		}
		if err := kit.Store.Delete(t.Context(), acme); err != nil { // no lease of the visit's is in its way
			t.Error(err)
		}
		return add(ctx, db, "y")
	})
	if !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("after the deletion: %v", err)
	}
}

func TestAVisitHasTheErrorsOfResolve(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	never := func(context.Context, *tenantdb.TenantDB[notes]) error { t.Error("it was called"); return nil }
	for name, test := range map[string]struct {
		store *tenantdb.Store[notes]
		ctx   context.Context
		id    tenantdb.ID
		want  error
	}{
		"a nil store":       {nil, t.Context(), acme.ID, tenantdb.ErrNoHandle},
		"no ID":             {kit.Store, t.Context(), tenantdb.ID{}, tenantdb.ErrNoTenant},
		"nobody":            {kit.Store, t.Context(), tenanttest.ID(t, "nobody"), tenantdb.ErrUnknownTenant},
		"another's context": {kit.Store, tenanttest.Context(t, "globex"), acme.ID, tenantdb.ErrTenantRebound},
		"within a Write":    {kit.Store, nil, acme.ID, tenantdb.ErrNested},
	} {
		t.Run(name, func(t *testing.T) {
			if test.ctx != nil {
				if err := test.store.Visit(test.ctx, test.id, never); !errors.Is(err, test.want) {
					t.Errorf("%v, want %v", err, test.want)
				}
				return
			}
			err := acme.DB.Write(acme.Context, func(ctx context.Context, _ *tenantdb.Tx[notes]) error {
				return test.store.Visit(ctx, test.id, never)
			})
			if !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
}

func ExampleStore_Visit() {
	_, store, closeAll := exampleStore()
	defer closeAll()
	ids, err := store.Tenants(context.Background())
	for _, id := range ids {
		err = store.Visit(context.Background(), id, func(ctx context.Context, db *tenant.DB) error {
			modules, err := tenant.New(db).ListModules(ctx, nil)
			fmt.Println(db.Tenant(), len(modules))
			return err
		})
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output: acme 0
}
