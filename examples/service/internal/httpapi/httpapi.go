// Package httpapi is the service over HTTP: its routes, and what it answers.
package httpapi

import (
	"log/slog"
	"net/http"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"

	"github.com/silokit/silo/examples/service/gen/tenant"
	"github.com/silokit/silo/examples/service/internal/config"
	"github.com/silokit/silo/examples/service/internal/totals"
)

// New returns the handler of all requests. Those of tenants pass the resolver first, which says
// whose they are; a request that it does not let in reaches no handler below.
func New(settings config.Config, store *tenant.Store, cat *catalog.Catalog, who tenanthttp.Resolver, t *totals.Totals, health *Health, log *slog.Logger) http.Handler {
	a := &api{store, t}
	ofTenants := http.NewServeMux()
	ofTenants.Handle("GET /notes", a.handle(listNotes))
	ofTenants.Handle("POST /notes", a.handle(addNote))
	ofTenants.Handle("DELETE /notes/{id}", a.handle(deleteNote))
	edge := tenanthttp.Middleware(store, who, tenanthttp.Options{Logger: log, Audit: cat})

	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health.alive)
	mux.HandleFunc("GET /readyz", health.ready)
	mux.Handle("/", edge(ofTenants))
	return http.MaxBytesHandler(mux, settings.MaxBody)
}

// api is what lives as long as the service.
type api struct {
	store  *tenant.Store
	totals *totals.Totals
}

// handle returns a handler that is given what belongs to its request. Its errors are answered by
// what they are: see tenanthttp.ProblemOf.
func (a *api) handle(f func(Request, http.ResponseWriter, *http.Request) error) http.Handler {
	return tenanthttp.Func(a.store, func(w http.ResponseWriter, r *http.Request, db *tenant.DB) error {
		return f(newRequest(db, a.totals), w, r)
	})
}
