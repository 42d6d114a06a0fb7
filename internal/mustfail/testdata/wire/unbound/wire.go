//go:build wireinject

// Package unbound says that queries run on a tenant's database, but not which one.
package unbound

import (
	"context"

	"github.com/google/wire"

	"github.com/silokit/silo/gen/tenant"
)

func newRequest(ctx context.Context, store *tenant.Store) (*tenant.Queries, error) {
	panic(wire.Build(tenant.New, wire.Bind(new(tenant.Handle), new(*tenant.DB)))) // ERROR `provider set does not include a provider for "\*.*/gen/tenant\.DB"`
}
