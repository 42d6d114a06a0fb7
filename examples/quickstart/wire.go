//go:build wireinject

package main

import (
	"context"

	"github.com/google/wire"

	"github.com/silokit/silo/tenantdb"
)

// newApp opens the databases. The function that it returns closes them.
func newApp(ctx context.Context, options tenantdb.Options) (*App, func(), error) {
	panic(wire.Build(appSet))
}

// newRequest finds the databases of the request whose context is ctx.
func newRequest(ctx context.Context, app *App) (*Request, error) {
	panic(wire.Build(requestSet))
}
