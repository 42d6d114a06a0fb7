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

// Request is what lives as long as a request: of one tenant, and of no other.
type Request struct {
	DB      *tenant.DB
	Queries *tenant.Queries
	Global  *global.DB
}

func newApp(ctx context.Context, options tenantdb.Options) (*App, error) {
	panic(wire.Build(tenantdb.Open, tenant.Open, global.Open, wire.Struct(new(App), "*")))
}

func newRequest(ctx context.Context, app *App) (Request, error) {
	panic(wire.Build(resolve, tenant.New, wire.Bind(new(tenant.Handle), new(*tenant.DB)),
		wire.FieldsOf(new(*App), "Store", "Global"), wire.Struct(new(Request), "*")))
}

// resolve is the tenant provider: without it newRequest does not compile.
func resolve(ctx context.Context, store *tenant.Store) (*tenant.DB, error) { return store.Resolve(ctx) }
