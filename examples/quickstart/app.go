package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// App is what lives as long as the service. newApp makes it.
type App struct {
	Dir    *tenantdb.Dir
	Store  *tenant.Store
	Global *global.DB
}

// Request is what lives as long as a request: of one tenant, and of no other. newRequest
// makes it of the handle that the edge has resolved.
type Request struct {
	DB      *tenant.DB
	Queries *tenant.Queries
	Global  *global.Queries
}

// edge returns the middleware that finds whose a request is: the tenant that one of the proxies
// says, in the header X-Tenant. From anywhere else the header is refused.
func (app *App) edge(proxies string) (func(http.Handler) http.Handler, error) {
	var at []netip.Prefix
	for text := range strings.SplitSeq(proxies, ",") {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("-proxies names addresses as 10.0.0.7/32: %w", err)
		}
		at = append(at, prefix)
	}
	resolver, err := tenanthttp.Header("X-Tenant", tenanthttp.ProxiesAt(at...))
	if err != nil {
		return nil, err
	}
	return tenanthttp.Middleware(app.Store, resolver, tenanthttp.Options{Logger: slog.Default()}), nil
}
