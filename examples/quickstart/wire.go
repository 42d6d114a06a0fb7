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

// newRequest needs the handle of a tenant: there is no other way to a *tenant.Queries.
func newRequest(db *tenant.DB, app *App) Request {
	panic(wire.Build(
		wire.FieldsOf(new(*App), "Global"),
		wire.Bind(new(tenant.Handle), new(*tenant.DB)), tenant.New,
		wire.Bind(new(global.Handle), new(*global.DB)), global.New,
		wire.Struct(new(Request), "*"),
	))
}
