//go:build wireinject

// Package complete is the control: a request injector with its tenant provider.
package complete

import (
	"context"

	"github.com/google/wire"

	"github.com/silokit/silo/gen/tenant"
)

func resolve(ctx context.Context, store *tenant.Store) (*tenant.DB, error) { return store.Resolve(ctx) }

func newRequest(ctx context.Context, store *tenant.Store) (*tenant.Queries, error) {
	panic(wire.Build(resolve, tenant.New, wire.Bind(new(tenant.Handle), new(*tenant.DB))))
}
