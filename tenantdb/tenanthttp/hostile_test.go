package tenanthttp_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// attempt is a request, as it is written, to one of the services below.
type attempt struct {
	name    string
	service string
	request string
	status  int    // 0: any that is no success
	want    string // what the handler answers; empty: it is not reached
}

// services are one for each way of finding a tenant, and for some together.
func services(t *testing.T, k *kit, a *authority) map[string]*server {
	t.Helper()
	resolver := must[tenanthttp.Resolver](t)
	host := resolver(tenanthttp.Subdomain("example.com", "bücher.example", "eu.example.com"))
	path := resolver(tenanthttp.PathPrefix("/t/"))
	loopback := netip.MustParsePrefix("127.0.0.1/32")
	header := resolver(tenanthttp.Header("X-Tenant", tenanthttp.ProxiesAt(loopback)))
	stranger := resolver(tenanthttp.Header("X-Tenant", tenanthttp.ProxiesAt(netip.MustParsePrefix("192.0.2.0/24"))))
	token := a.resolver(t)
	for kind, value := range map[string]string{"domain": "shop.example", "org": "org_01EH"} {
		if err := k.catalog.AddAlias(t.Context(), tenanttest.ID(t, "acme"), kind, value); err != nil {
			t.Fatal(err)
		}
	}
	all := map[string]*server{}
	for name, resolver := range map[string]tenanthttp.Resolver{
		"host":       host,
		"path":       path,
		"header":     header,
		"stranger":   stranger,
		"token":      token,
		"agree":      tenanthttp.Agree(host, token),
		"first":      tenanthttp.First(token, host),
		"both":       tenanthttp.First(path, host),
		"verified":   tenanthttp.Verified(tenanthttp.Agree(host, token)),
		"domain":     tenanthttp.Alias(k, "domain", tenanthttp.Host()),
		"org":        tenanthttp.Alias(k, "org", token),
		"nothing":    nil,
		"key":        tenanthttp.APIKey(k.catalog),
		"keyed":      tenanthttp.Verified(tenanthttp.Agree(host, tenanthttp.First(token, tenanthttp.APIKey(k.catalog)))),
		"except":     resolver(tenanthttp.Except(host, "WWW.example.com")),
		"key header": resolver(tenanthttp.APIKeyHeader(k.catalog, "X-API-Key")),
	} {
		all[name] = k.serve(t, resolver, tenanthttp.Options{Audit: k.catalog})
	}
	return all
}

func TestNoRequestReachesAHandlerWithATenantThatItHasNotProved(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	k.make(t, "xn--bcher-kva", catalog.Change{State: catalog.Active})
	k.make(t, "te--st", catalog.Change{State: catalog.Active})
	k.make(t, "kiosk", catalog.Change{State: catalog.Active})
	all := services(t, k, a)
	table := slices.Concat(hostAttempts(), pathAttempts(), headerAttempts(), tokenAttempts(t, a), keyAttempts(t, k, a), mixedAttempts(t, a), stateAttempts())
	hostile := 0
	for _, try := range table {
		if try.want == "" {
			hostile++
		}
		t.Run(try.service+"/"+try.name, func(t *testing.T) {
			s := all[try.service]
			before := s.reached.Load()
			got := s.send(t, try.request)
			reached := s.reached.Load() - before
			if try.want != "" {
				if got.status != 200 || got.body != try.want {
					t.Errorf("%d %q, want 200 %q", got.status, got.body, try.want)
				}
				return
			}
			if reached != 0 {
				t.Errorf("it has reached a handler: %q", got.body)
			}
			if got.status != try.status && (try.status != 0 || got.status < 400) {
				t.Errorf("%d, want %d: %s", got.status, try.status, got.body)
			}
			wantDiscreet(t, k, got)
		})
	}
	t.Logf("%d requests, %d of them hostile", len(table), hostile)
	if hostile < 100 {
		t.Errorf("%d hostile requests, want 100 at least", hostile)
	}
}

func TestRequestsOfHTTP2AreHeldToTheSame(t *testing.T) {
	k := newKit(t)
	s := httptest.NewUnstartedServer(tenanthttp.Middleware(k.store, subdomain(t), tenanthttp.Options{})(tenanthttp.Func(k.store, answerWhose)))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	for host, want := range map[string]string{
		"acme.example.com": "acme acme acme /", "ACME.example.com.:443": "acme acme acme /",
		"a..example.com": "malformed", "ghost.example.com": "unknown-tenant", "acme.example.com@x": "", "[::1]": "no-tenant",
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		r.Header.Set("X-Forwarded-Host", "globex.example.com")
		response, err := s.Client().Do(r)
		if err != nil {
			if want != "" {
				t.Errorf("%s: %v", host, err)
			}
			continue // refused by the client or the server
		}
		body, err := io.ReadAll(response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if response.ProtoMajor != 2 || !strings.Contains(string(body), want) || want == "" && response.StatusCode < 400 {
			t.Errorf("%s: %s %d %s", host, response.Proto, response.StatusCode, body)
		}
	}
}

// wantDiscreet requires that a refusal says nothing of files, statements or tenants.
func wantDiscreet(t *testing.T, k *kit, got answer) {
	t.Helper()
	all := strings.ToLower(got.body)
	for name, values := range got.header {
		all += strings.ToLower(name + strings.Join(values, ""))
	}
	for _, secret := range []string{k.dir.Path(), ".db", "select", "sqlite", "acme", "globex", "unpaid\"", "tenantdb", "example.com"} {
		if strings.Contains(all, strings.ToLower(secret)) {
			t.Errorf("the answer says %q: %s", secret, all)
		}
	}
}

// mixedAttempts are about what several ways of naming a tenant say together.
func mixedAttempts(t *testing.T, a *authority) []attempt {
	acme, globex := a.good(t, "acme"), a.good(t, "globex")
	expired := a.with(t, "acme", map[string]any{"exp": 1000})
	return []attempt{
		{"both of one tenant", "agree", get("/", "Host: acme.example.com", bearer(acme)), 200, "acme acme acme /"},
		{"acme's token on globex's host", "agree", get("/", "Host: globex.example.com", bearer(acme)), 404, ""},
		{"globex's token on acme's host", "agree", get("/", "Host: acme.example.com", bearer(globex)), 404, ""},
		{"a token on the host of nobody", "agree", get("/", "Host: ghost.example.com", bearer(acme)), 404, ""},
		{"a token on a host that no tenant can have", "agree", get("/", "Host: a.b.example.com", bearer(acme)), 404, ""},
		{"a token on a suspended tenant's host", "agree", get("/", "Host: unpaid.example.com", bearer(acme)), 404, ""},
		{"an expired token on its own host", "agree", get("/", "Host: acme.example.com", bearer(expired)), 401, ""},
		{"no token, where a host is enough", "agree", get("/", "Host: acme.example.com"), 200, "acme acme acme /"},
		{"a token on the base domain", "agree", get("/", "Host: example.com", bearer(acme)), 200, "acme acme acme /"},
		{"a token on a malformed host", "agree", get("/", "Host: acme..example.com", bearer(acme)), 400, ""},
		{"no token, where one is needed", "verified", get("/", "Host: acme.example.com"), 401, ""},
		{"a token where one is needed", "verified", get("/", "Host: acme.example.com", bearer(acme)), 200, "acme acme acme /"},
		{"acme's token on globex's host", "verified", get("/", "Host: globex.example.com", bearer(acme)), 404, ""},
		{"an expired token before a host", "first", get("/", "Host: acme.example.com", bearer(expired)), 401, ""},
		{"garbage before a host", "first", get("/", "Host: acme.example.com", bearer("garbage")), 401, ""},
		{"garbage after a tab, before a host", "first", get("/", "Host: acme.example.com", "Authorization: Bearer\tgarbage"), 401, ""},
		{"two tokens before a host", "first", get("/", "Host: acme.example.com", bearer(acme), bearer(acme)), 400, ""},
		{"the first of two", "first", get("/", "Host: globex.example.com", bearer(acme)), 200, "acme acme acme /"},
		{"the second of two", "first", get("/", "Host: acme.example.com"), 200, "acme acme acme /"},
		{"an encoded prefix before a host", "both", get("/%74/globex/", "Host: acme.example.com"), 400, ""},
		{"dots after the prefix before a host", "both", get("/t/globex/..", "Host: acme.example.com"), 400, ""},
		{"a host of the service's own", "except", get("/", "Host: www.example.com:80"), 400, ""},
		{"a host beside the service's own", "except", get("/", "Host: acme.example.com"), 200, "acme acme acme /"},
		{"a malformed host beside the service's own", "except", get("/", "Host: www..example.com"), 400, ""},
		{"an address beside the service's own", "except", get("/", "Host: [::1]"), 400, ""},
		{"no resolver", "nothing", get("/", "Host: acme.example.com", bearer(acme)), 500, ""},
		{"a domain", "domain", get("/", "Host: shop.example"), 200, "acme acme acme /"},
		{"a domain in capitals, with a port and a dot", "domain", get("/", "Host: SHOP.example.:8080"), 200, "acme acme acme /"},
		{"a domain of nobody", "domain", get("/", "Host: shop2.example"), 404, ""},
		{"a tenant's ID as a domain", "domain", get("/", "Host: acme"), 404, ""},
		{"below a domain", "domain", get("/", "Host: www.shop.example"), 404, ""},
		{"an organisation", "org", get("/", "Host: x", bearer(a.good(t, "org_01EH"))), 200, "acme acme acme /"},
		{"an organisation of nobody", "org", get("/", "Host: x", bearer(a.good(t, "org_01EG"))), 404, ""},
		{"a tenant's ID as an organisation", "org", get("/", "Host: x", bearer(acme)), 404, ""},
	}
}

// stateAttempts are for tenants that are not to be used.
func stateAttempts() (all []attempt) {
	for _, try := range []struct {
		tenant string
		status int
	}{{"unpaid", 403}, {"half", 404}, {"leaving", 404}, {"gone", 404}, {"sick", 503}, {"ghost", 404}} {
		all = append(all, attempt{"a tenant that is " + try.tenant, "host", get("/", "Host: "+try.tenant+".example.com"), try.status, ""})
	}
	return append(all, attempt{"a tenant that can only be read", "host", get("/", "Host: readonly.example.com"), 200, "readonly readonly readonly /"})
}
