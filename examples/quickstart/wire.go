//go:build wireinject

package main

import (
	"context"

	"github.com/google/wire"
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// App is what lives as long as the service.
type App struct {
	Dir    *tenantdb.Dir
	Store  *tenant.Store
	Global *global.DB
}

func newApp(ctx context.Context, options tenantdb.Options) (*App, error) {
	panic(wire.Build(tenantdb.Open, tenant.Open, global.Open, wire.Struct(new(App), "*")))
}

func resolve(ctx context.Context, store *tenant.Store) (*tenant.DB, error) { return store.Resolve(ctx) }

func newTenantDB(ctx context.Context, app *App) (*tenant.DB, error) {
	panic(wire.Build(resolve, wire.FieldsOf(new(*App), "Store")))
}
