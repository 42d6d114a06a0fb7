// Package app is the service: what it is made of, and how it runs and ends.
package app

import (
	"log/slog"
	"net/http"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"

	"github.com/silokit/silo/examples/service/gen/tenant"
	"github.com/silokit/silo/examples/service/internal/config"
	"github.com/silokit/silo/examples/service/internal/httpapi"
	"github.com/silokit/silo/examples/service/internal/totals"
)

// App is what lives as long as the service. The injector New, in wire.go, makes it of its
// settings, and returns a function that ends it: what goes on in the background first, then
// the files.
type App struct {
	Config  config.Config
	Log     *slog.Logger
	Catalog *catalog.Catalog
	Store   *tenant.Store
	Usage   *fleet.Recorder
	Totals  *totals.Totals
	Health  *httpapi.Health
	Handler http.Handler
}
