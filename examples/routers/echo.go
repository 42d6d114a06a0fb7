package routers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// Echo is the service with echo. The middleware is around echo, which looks for the route
// after it, so that a resolver may take the tenant off the path.
func Echo(store *tenant.Store, resolver tenanthttp.Resolver, options tenanthttp.Options) http.Handler {
	all := http.NewServeMux()
	all.HandleFunc("GET /healthz", healthy)
	all.Handle("/", tenanthttp.Middleware(store, resolver, options)(ofTenants(store)))
	return all
}

// EchoWithin is the service with the middleware as one of echo's own, of a group of routes. That is
// for all resolvers but those by path: echo goes by the request as it came.
func EchoWithin(store *tenant.Store, resolver tenanthttp.Resolver, options tenanthttp.Options) http.Handler {
	e := echo.New()
	e.GET("/healthz", echo.WrapHandler(http.HandlerFunc(healthy)))
	routes(e.Group("", echo.WrapMiddleware(tenanthttp.Middleware(store, resolver, options))), store)
	return e
}

func ofTenants(store *tenant.Store) http.Handler {
	e := echo.New()
	routes(e.Group(""), store)
	return e
}

func routes(g *echo.Group, store *tenant.Store) {
	list, get := tenanthttp.Func(store, listModules), tenanthttp.Func(store, getModule)
	g.GET("/modules", echo.WrapHandler(list))
	g.GET("/modules/:id", func(c echo.Context) error {
		c.Request().SetPathValue("id", c.Param("id")) // where handlers of net/http look for it
		get.ServeHTTP(c.Response(), c.Request())
		return nil
	})
}
