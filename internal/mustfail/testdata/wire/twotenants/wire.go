//go:build wireinject

// Package twotenants has a request injector with two sources of the tenant's database.
package twotenants

import (
	"context"

	"github.com/google/wire"

	"github.com/silokit/silo/gen/tenant"
)

func resolve(ctx context.Context, store *tenant.Store) (*tenant.DB, error) { return store.Resolve(ctx) }

func newRequest(ctx context.Context, store *tenant.Store, other *tenant.DB) (*tenant.Queries, error) {
	panic(wire.Build(resolve, tenant.New, wire.Bind(new(tenant.Handle), new(*tenant.DB)))) // ERROR `multiple bindings for \*.*/gen/tenant\.DB.*provider "resolve".*argument other to injector function newRequest`
}
