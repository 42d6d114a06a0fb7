package tenanthttp_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestResolversAreNotMadeOfWhatTheyCouldNotHold(t *testing.T) {
	loopback := tenanthttp.ProxiesAt(netip.MustParsePrefix("127.0.0.1/32"))
	tests := []struct {
		name string
		make func() (tenanthttp.Resolver, error)
	}{
		{"a subdomain of nothing", func() (tenanthttp.Resolver, error) { return tenanthttp.Subdomain("") }},
		{"a subdomain of a port", func() (tenanthttp.Resolver, error) { return tenanthttp.Subdomain("example.com:80") }},
		{"a subdomain of a pattern", func() (tenanthttp.Resolver, error) { return tenanthttp.Subdomain("*.example.com") }},
		{"a subdomain of a second base that is none", func() (tenanthttp.Resolver, error) { return tenanthttp.Subdomain("example.com", "b..c") }},
		{"a subdomain in an invalid script", func() (tenanthttp.Resolver, error) { return tenanthttp.Subdomain("a\u200cä.example") }},
		{"a subdomain of an address", func() (tenanthttp.Resolver, error) { return tenanthttp.Subdomain("127.0.0.1") }},
		{"a subdomain of an address with a dot", func() (tenanthttp.Resolver, error) { return tenanthttp.Subdomain("example.com", "10.0.0.1.") }},
		{"a subdomain of an address in another width", func() (tenanthttp.Resolver, error) { return tenanthttp.Subdomain("\uff11\uff10.0.0.1") }},
		{"a subdomain of an IPv6 address", func() (tenanthttp.Resolver, error) { return tenanthttp.Subdomain("[::1]") }},
		{"an exception that is an address", func() (tenanthttp.Resolver, error) { return tenanthttp.Except(subdomain(t), "127.0.0.1") }},
		{"an exception that is no host", func() (tenanthttp.Resolver, error) { return tenanthttp.Except(subdomain(t), "http://x") }},
		{"a path without a slash before", func() (tenanthttp.Resolver, error) { return tenanthttp.PathPrefix("t/") }},
		{"a path without a slash behind", func() (tenanthttp.Resolver, error) { return tenanthttp.PathPrefix("/t") }},
		{"an empty path", func() (tenanthttp.Resolver, error) { return tenanthttp.PathPrefix("") }},
		{"a path with two slashes", func() (tenanthttp.Resolver, error) { return tenanthttp.PathPrefix("//") }},
		{"a path with dots", func() (tenanthttp.Resolver, error) { return tenanthttp.PathPrefix("/a/../") }},
		{"a path with a percent sign", func() (tenanthttp.Resolver, error) { return tenanthttp.PathPrefix("/%74/") }},
		{"a path with a variable", func() (tenanthttp.Resolver, error) { return tenanthttp.PathPrefix("/{t}/") }},
		{"a header without a name", func() (tenanthttp.Resolver, error) { return tenanthttp.Header("", loopback) }},
		{"a header with a space", func() (tenanthttp.Resolver, error) { return tenanthttp.Header("X Tenant", loopback) }},
		{"a header with a colon", func() (tenanthttp.Resolver, error) { return tenanthttp.Header("X-Tenant:", loopback) }},
		{"a header that clients set", func() (tenanthttp.Resolver, error) { return tenanthttp.Header("x-forwarded-host", loopback) }},
		{"a header of nobody", func() (tenanthttp.Resolver, error) { return tenanthttp.Header("X-Tenant", tenanthttp.Proxies{}) }},
		{"a header of no proxies", func() (tenanthttp.Resolver, error) { return tenanthttp.Header("X-Tenant", tenanthttp.ProxiesAt()) }},
		{"a header of no address", func() (tenanthttp.Resolver, error) {
			return tenanthttp.Header("X-Tenant", tenanthttp.ProxiesAt(netip.Prefix{}))
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if resolver, err := test.make(); err == nil || resolver != nil {
				t.Errorf("%v, %v", resolver, err)
			}
		})
	}
}

func TestAProxyIsWhoItsConnectionSays(t *testing.T) {
	at := tenanthttp.ProxiesAt(netip.MustParsePrefix("10.0.0.7/32"), netip.MustParsePrefix("fd00::/64"))
	tests := []struct {
		from    tenanthttp.Proxies
		address string
		want    error
	}{
		{at, "10.0.0.7:1234", nil},
		{at, "10.0.0.8:1234", tenanthttp.ErrForbidden},
		{at, "[::ffff:10.0.0.7]:1234", nil}, // IPv4 on a socket of IPv6
		{at, "[fd00::1]:1234", nil},
		{at, "[fd00::1%eth0]:1234", nil},
		{at, "[fe80::1]:1234", tenanthttp.ErrForbidden},
		{at, "", tenanthttp.ErrForbidden},
		{at, "@", tenanthttp.ErrForbidden}, // a Unix socket
		{at, "10.0.0.7", tenanthttp.ErrForbidden},
		{tenanthttp.ProxiesAt(netip.MustParsePrefix("::ffff:10.0.0.7/128")), "10.0.0.7:1234", nil},
		{tenanthttp.ProxiesAt(netip.MustParsePrefix("::ffff:10.0.0.7/128")), "10.0.0.8:1234", tenanthttp.ErrForbidden},
		{tenanthttp.OnlyProxiesConnect(), "@", nil},
	}
	for _, test := range tests {
		resolver := must[tenanthttp.Resolver](t)(tenanthttp.Header("x-tenant", test.from))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-Tenant", "acme")
		r.RemoteAddr = test.address
		who, err := resolver.ResolveTenant(r)
		if !errors.Is(err, test.want) || err == nil && (who.Tenant != tenanttest.ID(t, "acme") || !who.Verified) {
			t.Errorf("from %q: %+v, %v", test.address, who, err)
		}
	}
}

// says is a resolver that always says the same.
func says(name string, verified bool, err error) tenanthttp.Resolver {
	return tenanthttp.ResolverFunc(func(*http.Request) (tenanthttp.Identity, error) {
		if err != nil {
			return tenanthttp.Identity{}, err
		}
		id, _ := tenantdb.ParseID(name)
		return tenanthttp.Identity{Tenant: id, Name: name, Verified: verified, By: "test"}, nil
	})
}

// A request whose target somebody has changed after the server has read it is not the one that came.
func TestARequestWhoseTargetAndHostDifferNamesNone(t *testing.T) {
	for _, by := range []tenanthttp.Resolver{subdomain(t), tenanthttp.Host()} {
		r := httptest.NewRequest(http.MethodGet, "http://acme.example.com/", nil)
		r.Host = "globex.example.com"
		if found, err := by.ResolveTenant(r); !errors.Is(err, tenanthttp.ErrMalformed) {
			t.Errorf("%+v, %v", found, err)
		}
	}
}

func TestHowResolversAreCombined(t *testing.T) {
	absent := says("", false, tenanthttp.ErrUnnamed)
	bad, broken := says("", false, tenanthttp.ErrUnauthenticated), says("", false, tenanthttp.ErrMalformed)
	acme, proved, globex := says("acme", false, nil), says("acme", true, nil), says("globex", true, nil)
	tests := []struct {
		name     string
		by       tenanthttp.Resolver
		want     string
		verified bool
		err      error
	}{
		{"the first of none", tenanthttp.First(), "", false, tenanthttp.ErrUnnamed},
		{"the first that is there", tenanthttp.First(absent, acme, globex), "acme", false, nil},
		{"the first, which is not valid", tenanthttp.First(absent, bad, acme), "", false, tenanthttp.ErrUnauthenticated},
		{"the first after one that is not called", tenanthttp.First(acme, nil), "acme", false, nil},
		{"all of none", tenanthttp.Agree(), "", false, tenanthttp.ErrUnnamed},
		{"all that are absent", tenanthttp.Agree(absent, absent), "", false, tenanthttp.ErrUnnamed},
		{"all that are there", tenanthttp.Agree(acme, absent, proved), "acme", true, nil},
		{"all, the verified one first", tenanthttp.Agree(proved, acme), "acme", true, nil},
		{"all, of which one is alone", tenanthttp.Agree(absent, acme), "acme", false, nil},
		{"all, of which two differ", tenanthttp.Agree(acme, globex), "globex", true, tenanthttp.ErrForbidden},
		{"all, of which two differ and the third does not", tenanthttp.Agree(acme, globex, acme), "globex", true, tenanthttp.ErrForbidden},
		{"all, of which the last differs", tenanthttp.Agree(acme, acme, globex), "globex", true, tenanthttp.ErrForbidden},
		{"all, of which one is no ID", tenanthttp.Agree(says("A", false, nil), acme), "", false, tenanthttp.ErrForbidden},
		{"all, which are the same and no ID", tenanthttp.Agree(says("A", false, nil), says("A", false, nil)), "", false, nil},
		{"all, which are no IDs and differ", tenanthttp.Agree(says("A", false, nil), says("B", false, nil)), "", false, tenanthttp.ErrForbidden},
		{"all, of which one is not valid", tenanthttp.Agree(acme, bad), "", false, tenanthttp.ErrUnauthenticated},
		{"all, of which two are not valid", tenanthttp.Agree(broken, bad), "", false, tenanthttp.ErrUnauthenticated},
		{"all, of which two differ and one is malformed", tenanthttp.Agree(acme, globex, broken), "", false, tenanthttp.ErrMalformed},
		{"a proof that is there", tenanthttp.Verified(proved), "acme", true, nil},
		{"a proof that is not there", tenanthttp.Verified(acme), "", false, tenanthttp.ErrUnauthenticated},
		{"a proof of nothing", tenanthttp.Verified(absent), "", false, tenanthttp.ErrUnnamed},
		{"within one another", tenanthttp.First(absent, tenanthttp.Verified(tenanthttp.Agree(acme, proved))), "acme", true, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			who, err := test.by.ResolveTenant(httptest.NewRequest(http.MethodGet, "/", nil))
			if who.Tenant.String() != test.want || who.Verified != test.verified || !errors.Is(err, test.err) {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
	for name, by := range map[string]tenanthttp.Resolver{
		"first": tenanthttp.First(nil), "agree": tenanthttp.Agree(acme, nil), "verified": tenanthttp.Verified(nil),
		"alias": tenanthttp.Alias(&kit{}, "domain", nil), "alias of": tenanthttp.Alias(nil, "domain", acme), "function": tenanthttp.ResolverFunc(nil),
	} {
		if who, err := by.ResolveTenant(httptest.NewRequest(http.MethodGet, "/", nil)); err == nil || errors.Is(err, tenanthttp.ErrUnnamed) {
			t.Errorf("%s of nil: %+v, %v", name, who, err)
		}
	}
}

func TestAllThatAgreeAreTheFirstThatIsVerifiedAndThePathIsTakenOffInAnyOrder(t *testing.T) {
	k, a := newKit(t), newAuthority(t)
	path := must[tenanthttp.Resolver](t)(tenanthttp.PathPrefix("/t/"))
	trusted := must[tenanthttp.Resolver](t)(tenanthttp.Header("X-Tenant", tenanthttp.OnlyProxiesConnect()))
	for name, test := range map[string]struct {
		by   tenanthttp.Resolver
		want string
	}{
		"path, header, token": {tenanthttp.Agree(path, trusted, a.resolver(t)), "header X-Tenant /modules"},
		"token, header, path": {tenanthttp.Agree(a.resolver(t), trusted, path), "jwt /modules"},
	} {
		h := tenanthttp.Middleware(k.store, test.by, tenanthttp.Options{})(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			who, _ := tenanthttp.IdentityFrom(r.Context())
			fmt.Fprint(w, who.By, " ", r.URL.Path)
		}))
		r := httptest.NewRequest(http.MethodGet, "/t/acme/modules", nil)
		r.Header.Set("X-Tenant", "acme")
		r.Header.Set("Authorization", "Bearer "+a.good(t, "acme"))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Body.String(); got != test.want {
			t.Errorf("%s: %d %s, want %s", name, w.Code, got, test.want)
		}
	}
}

// FuzzHost holds that what is taken for a domain is in its one form.
func FuzzHost(f *testing.F) {
	for _, seed := range []string{"acme.example.com", "ACME.example.com.:80", "[::1]:80", "xn--bcher-kva.example.com", "a..example.com", "a@b", ""} {
		f.Add(seed)
	}
	by, host := must[tenanthttp.Resolver](f)(tenanthttp.Subdomain("example.com")), tenanthttp.Host()
	f.Fuzz(func(t *testing.T, text string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Host, r.Host = "", text
		whole, err := host.ResolveTenant(r)
		if err == nil {
			if again, err := tenanthttp.CanonicalHost(whole.Name); err != nil || again != whole.Name {
				t.Errorf("%q is %q, and that is %q, %v", text, whole.Name, again, err)
			}
			if !whole.Tenant.IsZero() {
				t.Errorf("a host is the tenant %s", whole.Tenant)
			}
		}
		who, err := by.ResolveTenant(r)
		if err == nil && who.Name+".example.com" != whole.Name {
			t.Errorf("%q is %q under the base", text, who.Name)
		}
	})
}

// FuzzPath holds that a path is of the tenant that its text names, whoever decodes it.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{"/t/acme/x", "/t/acme/%2e%2e/globex", "/t/%61cme", "/t//", "/t/acme%2f..", "/t/acme/a%2Fb?x#y"} {
		f.Add(seed)
	}
	by := must[tenanthttp.Resolver](f)(tenanthttp.PathPrefix("/t/"))
	f.Fuzz(func(t *testing.T, target string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		if err != nil || r.URL.Path == "" {
			return
		}
		who, err := by.ResolveTenant(r)
		if err != nil {
			return
		}
		without := tenanthttp.Stripped(r.URL, who)
		if joined := "/t/" + who.Name + without.Path; joined != r.URL.Path && joined != r.URL.Path+"/" {
			t.Errorf("%q is of %q and becomes %q", target, who.Name, without.Path)
		}
		if escaped := "/t/" + who.Name + without.EscapedPath(); escaped != r.URL.EscapedPath() && escaped != r.URL.EscapedPath()+"/" {
			t.Errorf("%q is of %q and becomes %q, escaped", target, who.Name, without.EscapedPath())
		}
	})
}
