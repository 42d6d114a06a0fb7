//go:build wireinject

package app

import (
	"context"
	"log/slog"

	"github.com/google/wire"

	"github.com/silokit/silo/tenantdb/catalog"

	"github.com/silokit/silo/examples/service/gen/global"
	"github.com/silokit/silo/examples/service/gen/tenant"
	"github.com/silokit/silo/examples/service/internal/config"
	"github.com/silokit/silo/examples/service/internal/edge"
	"github.com/silokit/silo/examples/service/internal/httpapi"
	"github.com/silokit/silo/examples/service/internal/totals"
)

// New opens the data folder and makes the service. The function that it returns ends it.
func New(ctx context.Context, settings config.Config, log *slog.Logger) (*App, func(), error) {
	panic(wire.Build(
		openDir, catalog.Open, recordUsage, tenant.Open, global.Open,
		wire.Bind(new(global.Handle), new(*global.DB)), global.New,
		wire.FieldsOf(new(config.Config), "Edge"), edge.New,
		totals.New, httpapi.NewHealth, httpapi.New,
		wire.Struct(new(App), "*"),
	))
}
