//go:build wireinject

package httpapi

import (
	"github.com/google/wire"

	"github.com/silokit/silo/examples/service/gen/tenant"
	"github.com/silokit/silo/examples/service/internal/notes"
	"github.com/silokit/silo/examples/service/internal/totals"
)

func newRequest(db *tenant.DB, t *totals.Totals) Request {
	panic(wire.Build(
		wire.Bind(new(tenant.Handle), new(*tenant.DB)), tenant.New,
		notes.New,
		wire.Struct(new(Request), "*"),
	))
}
