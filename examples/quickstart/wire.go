//go:build wireinject

package main

import (
	"context"

	"github.com/google/wire"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func newApp(ctx context.Context, options tenantdb.Options) (*App, error) {
	panic(wire.Build(tenantdb.Open, tenant.Open, global.Open, wire.Struct(new(App), "*")))
}

func newRequest(ctx context.Context, app *App) (Request, error) {
	panic(wire.Build(
		wire.FieldsOf(new(*App), "Store", "Global"),
		resolve, // the tenant provider: without it there is no *tenant.DB
		wire.Bind(new(tenant.Handle), new(*tenant.DB)), tenant.New,
		wire.Bind(new(global.Handle), new(*global.DB)), global.New,
		wire.Struct(new(Request), "*"),
	))
}

func resolve(ctx context.Context, store *tenant.Store) (*tenant.DB, error) { return store.Resolve(ctx) }
