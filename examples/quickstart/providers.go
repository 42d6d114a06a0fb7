package main

import (
	"context"
	"log/slog"

	"github.com/google/wire"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// App is what lives as long as the service.
type App struct {
	Store  *tenant.Store // all tenants
	Global *global.DB    // the one database beside them
}

// Request is what a handler gets: the databases of one request.
type Request struct {
	Tenant  *tenant.DB      // the tenant's own database, for transactions
	Queries *tenant.Queries // the queries on it
	Global  *global.Queries // the queries on the global database
}

var appSet = wire.NewSet(openDir, tenant.Open, global.Open, wire.Struct(new(App), "*"))

var requestSet = wire.NewSet(
	resolve,
	tenant.New, wire.Bind(new(tenant.Handle), new(*tenant.DB)),
	global.New, wire.Bind(new(global.Handle), new(*global.DB)),
	wire.FieldsOf(new(*App), "Store", "Global"),
	wire.Struct(new(Request), "*"),
)

func openDir(ctx context.Context, options tenantdb.Options) (*tenantdb.Dir, func(), error) {
	dir, err := tenantdb.Open(ctx, options)
	if err != nil {
		return nil, nil, err
	}
	return dir, func() {
		if err := dir.Close(); err != nil {
			options.Logger.Error("closing the databases failed", slog.Any("error", err))
		}
	}, nil
}

// resolve is the only source of a tenant's database in a request: the tenant comes
// from the context, and has a file, which is migrated, or there is no handle.
func resolve(ctx context.Context, store *tenant.Store) (*tenant.DB, error) {
	return store.Resolve(ctx)
}
