package routers

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// Chi is the service with chi. The middleware is around a router of its own, beside what is
// nobody's: there it runs before the routes are looked for, so that a resolver may
// take the tenant off the path. (Mount would have the inner router go by the path as it was.)
func Chi(store *tenant.Store, resolver tenanthttp.Resolver, options tenanthttp.Options) http.Handler {
	ofTenants := chi.NewRouter()
	ofTenants.Method(http.MethodGet, "/modules", tenanthttp.Func(store, listModules))
	ofTenants.Method(http.MethodGet, "/modules/{id}", tenanthttp.Func(store, getModule))

	all := chi.NewRouter()
	all.Get("/healthz", healthy)
	all.Handle("/*", tenanthttp.Middleware(store, resolver, options)(ofTenants))
	return all
}
