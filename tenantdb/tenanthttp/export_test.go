package tenanthttp

import (
	"context"
	"net/http"
	"net/url"
	"sync/atomic"

	"github.com/silokit/silo/tenantdb"
)

// Counting is a Middleware that counts how often it looks for a tenant.
func Counting[S tenantdb.TenantSchema](store *tenantdb.Store[S], resolver Resolver, options Options, looks *atomic.Int64) func(http.Handler) http.Handler {
	admit := func(ctx context.Context) error {
		looks.Add(1)
		return store.Admit(ctx)
	}
	e := &edge{admit: admit, resolver: resolver, options: options.withDefaults()}
	return e.around
}

// Stripped is the URL that handlers see.
func Stripped(u *url.URL, who Identity) *url.URL { return stripped(u, who.strip) }
