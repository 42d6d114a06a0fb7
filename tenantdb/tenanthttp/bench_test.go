package tenanthttp_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// nothing is a handler that does nothing, so that what is measured is what is before it.
var nothing = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})

type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

// way is a way of naming the tenant, and a request that does.
type way struct {
	name     string
	resolver tenanthttp.Resolver
	change   func(r *http.Request)
}

func (w way) request() *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	w.change(r)
	return r
}

// ways are one for each resolver, and some together. Only a token's signature, which was
// verified before, has no part in what they cost.
func ways(t testing.TB, k *kit, a *authority) []way {
	if err := k.catalog.AddAlias(t.Context(), tenanttest.ID(t, "acme"), "domain", "shop.example"); err != nil {
		t.Fatal(err)
	}
	resolver := must[tenanthttp.Resolver](t)
	host, token := subdomain(t), a.resolver(t)
	path := resolver(tenanthttp.PathPrefix("/t/"))
	bearer, key := "Bearer "+a.good(t, "acme"), k.key(t, "acme").Secret.Reveal()
	acme := tenanttest.ID(t, "acme")
	at := func(host string) func(*http.Request) { return func(r *http.Request) { r.Host = host } }
	shows := func(credential string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", credential) }
	}
	everywhere := func(r *http.Request) {
		r.Host, r.URL.Path = "acme.example.com", "/t/acme/modules"
		shows(bearer)(r)
	}
	return []way{
		{"function", tenanthttp.ResolverFunc(func(*http.Request) (tenanthttp.Identity, error) {
			return tenanthttp.Identity{Tenant: acme, Verified: true, By: "test"}, nil
		}), func(*http.Request) {}},
		{"subdomain", host, at("acme.example.com")},
		{"subdomain but for some", resolver(tenanthttp.Except(host, "www.example.com")), at("acme.example.com")},
		{"path", path, func(r *http.Request) { r.URL.Path = "/t/acme/modules" }},
		{"header", resolver(tenanthttp.Header("X-Tenant", tenanthttp.ProxiesAt(netip.MustParsePrefix("127.0.0.1/32")))), func(r *http.Request) {
			r.Header.Set("X-Tenant", "acme")
			r.RemoteAddr = "127.0.0.1:12345"
		}},
		{"domain by the catalog", tenanthttp.Alias(k.catalog, "domain", tenanthttp.Host()), at("shop.example")},
		{"token", token, shows(bearer)},
		{"API key", tenanthttp.APIKey(k.catalog), shows("Bearer " + key)},
		{"API key in its header", resolver(tenanthttp.APIKeyHeader(k.catalog, "X-API-Key")), func(r *http.Request) { r.Header.Set("X-API-Key", key) }},
		{"first: path, host", tenanthttp.First(path, host), at("acme.example.com")},
		{"agree: host, token", tenanthttp.Verified(tenanthttp.Agree(host, token)), everywhere},
		{"agree: host, path, token", tenanthttp.Verified(tenanthttp.Agree(host, path, token)), everywhere},
	}
}

// BenchmarkMiddleware measures what a resolver and a Middleware add to a request whose tenant
// was looked for before: "bare" is the handler without them.
func BenchmarkMiddleware(b *testing.B) {
	k := newKit(b)
	w := discard{http.Header{}}
	measure := func(name string, h http.Handler, r *http.Request) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(w, r)
			}
		})
	}
	measure("bare", nothing, httptest.NewRequest(http.MethodGet, "/", nil))
	for _, way := range ways(b, k, newAuthority(b)) {
		measure(way.name, tenanthttp.Middleware(k.store, way.resolver, tenanthttp.Options{})(nothing), way.request())
	}
}

// allocRuns is over how many runs allocations are counted: so many that those of the Dir's own
// goroutines, which look at all tenants now and then, come to less than one a run.
const allocRuns = 10_000

// TestARequestCostsFiveAllocationsAtMost is the part of the benchmark that does not depend on
// the machine.
func TestARequestCostsFiveAllocationsAtMost(t *testing.T) {
	if withRaceDetector {
		t.Skip("the race detector allocates")
	}
	k := newKit(t)
	w := discard{http.Header{}}
	for _, way := range ways(t, k, newAuthority(t)) {
		reached := 0
		h := tenanthttp.Middleware(k.store, way.resolver, tenanthttp.Options{})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
		r := way.request()
		if n := testing.AllocsPerRun(allocRuns, func() { h.ServeHTTP(w, r) }); n > 5 || reached != allocRuns+1 {
			t.Errorf("%s: %v allocations, the handler was reached %d times", way.name, n, reached)
		}
	}
}
