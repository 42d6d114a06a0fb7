//go:build wireinject

// Package globaldb binds the global database where a tenant's is wanted.
package globaldb

import (
	"github.com/google/wire"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
)

func newRequest(db *global.DB) *tenant.Queries {
	panic(wire.Build(tenant.New, wire.Bind(new(tenant.Handle), new(*global.DB)))) // ERROR `gen/global\.DB does not implement .*gen/tenant\.Handle`
}
