//go:build wireinject

// Package notenant has a request injector without its tenant provider.
package notenant

import (
	"context"

	"github.com/google/wire"

	"github.com/silokit/silo/gen/tenant"
)

func queries(db *tenant.DB) *tenant.Queries { return tenant.New(db) }

func newRequest(ctx context.Context, store *tenant.Store) (*tenant.Queries, error) { // ERROR `inject newRequest: no provider found for \*.*/gen/tenant\.DB\n\tneeded by \*.*/gen/tenant\.Queries in provider "queries"`
	panic(wire.Build(queries))
}
