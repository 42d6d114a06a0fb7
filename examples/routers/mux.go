package routers

import (
	"net/http"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// Mux is a service with net/http's mux. The middleware is around the mux: /healthz, which is
// nobody's, is beside it.
func Mux(store *tenant.Store, resolver tenanthttp.Resolver, options tenanthttp.Options) http.Handler {
	ofTenants := http.NewServeMux()
	ofTenants.Handle("GET /modules", tenanthttp.Func(store, listModules))
	ofTenants.Handle("GET /modules/{id}", tenanthttp.Func(store, getModule))

	all := http.NewServeMux()
	all.HandleFunc("GET /healthz", healthy)
	all.Handle("/", tenanthttp.Middleware(store, resolver, options)(ofTenants))
	return all
}
