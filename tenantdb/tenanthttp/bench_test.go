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

// BenchmarkMiddleware measures what a resolver and a Middleware add to a request whose tenant
// was looked for before. The token was verified before, too: its signature is not in it.
func BenchmarkMiddleware(b *testing.B) {
	k, a := newKit(b), newAuthority(b)
	if err := k.catalog.AddAlias(b.Context(), tenanttest.ID(b, "acme"), "domain", "shop.example"); err != nil {
		b.Fatal(err)
	}
	host, token := subdomain(b), a.resolver(b)
	path := must[tenanthttp.Resolver](b)(tenanthttp.PathPrefix("/t/"))
	header := must[tenanthttp.Resolver](b)(tenanthttp.Header("X-Tenant", tenanthttp.ProxiesAt(netip.MustParsePrefix("127.0.0.1/32"))))
	for _, bench := range []struct {
		name     string
		resolver tenanthttp.Resolver
		change   func(r *http.Request)
	}{
		{"subdomain", host, func(r *http.Request) { r.Host = "acme.example.com" }},
		{"path", path, func(r *http.Request) { r.URL.Path = "/t/acme/modules" }},
		{"header", header, func(r *http.Request) { r.Header.Set("X-Tenant", "acme"); r.RemoteAddr = "127.0.0.1:12345" }},
		{"domain by the catalog", tenanthttp.Alias(k.catalog, "domain", tenanthttp.Host()), func(r *http.Request) { r.Host = "shop.example" }},
		{"token", token, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+a.good(b, "acme")) }},
		{"API key", tenanthttp.APIKey(k.catalog), func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+k.key(b, "acme").Secret.Reveal()) }},
		{"host and token agree", tenanthttp.Verified(tenanthttp.Agree(host, token)), func(r *http.Request) {
			r.Host = "acme.example.com"
			r.Header.Set("Authorization", "Bearer "+a.good(b, "acme"))
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			h := tenanthttp.Middleware(k.store, bench.resolver, tenanthttp.Options{})(nothing)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			bench.change(r)
			w := discard{http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(w, r)
			}
		})
	}
}

// TestARequestCostsFiveAllocationsAtMost is the part of the benchmark that does not depend on
// the machine.
func TestARequestCostsFiveAllocationsAtMost(t *testing.T) {
	if withRaceDetector {
		t.Skip("the race detector allocates")
	}
	k, a := newKit(t), newAuthority(t)
	r := httptest.NewRequest(http.MethodGet, "/t/acme/modules", nil)
	r.Host = "acme.example.com"
	r.Header.Set("Authorization", "Bearer "+a.good(t, "acme"))
	path := must[tenanthttp.Resolver](t)(tenanthttp.PathPrefix("/t/"))
	for name, resolver := range map[string]tenanthttp.Resolver{
		"one":   subdomain(t),
		"all":   tenanthttp.Verified(tenanthttp.Agree(subdomain(t), path, a.resolver(t))),
		"first": tenanthttp.First(a.resolver(t), path),
	} {
		h := tenanthttp.Middleware(k.store, resolver, tenanthttp.Options{})(nothing)
		w := discard{http.Header{}}
		if n := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, r) }); n > 5 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
