package app

import (
	"context"
	"errors"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"

	"github.com/silokit/silo/examples/service/gen/tenant"
	"github.com/silokit/silo/examples/service/internal/edge"
	"github.com/silokit/silo/examples/service/internal/notes"
)

// Seed makes tenants to develop with, and returns how each is reached. One that is there, also by
// hand, stays as it is.
func (a *App) Seed(ctx context.Context) (all []edge.Access, err error) {
	manager, err := lifecycle.New(a.Store, a.Catalog, lifecycle.Options{Logger: a.Log})
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"acme", "globex"} {
		id, err := tenantdb.ParseID(name)
		if err != nil {
			return nil, err
		}
		_, err = manager.Create(ctx, lifecycle.Creation[tenant.Schema]{
			ID: id, DisplayName: name, Key: "seed " + name,
			Seed: func(ctx context.Context, db *tenant.DB) error {
				_, err := notes.New(tenant.New(db)).Add(ctx, "The first note of "+name)
				return err
			},
		})
		if err != nil && !errors.Is(err, tenantdb.ErrTenantExists) { // somebody has made it by hand
			return nil, err
		}
		of, err := tenantdb.WithTenant(ctx, id)
		if err != nil {
			return nil, err
		}
		a.Totals.Refresh(of)
		access, err := edge.Grant(ctx, a.Config.Edge, a.Catalog, id, a.Config.Addr)
		if err != nil {
			return nil, err
		}
		all = append(all, access)
	}
	return all, nil
}
