package tenanthttp_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// What is not to be understood refuses the request; only what is plainly somebody else's lets
// First go on.
func TestAHostThatIsNotUnderstoodIsMalformedAndAnAddressIsNobodys(t *testing.T) {
	proved := says("acme", true, nil)
	for _, test := range []struct {
		host, target string // the target's is empty, as it is but of proxies' requests
		name         string
		err          error
	}{
		{host: "shop.example", name: "shop.example"},
		{host: "acme", name: "acme"}, // the form of an ID, and none
		{host: "shop.example", target: "shop.example", name: "shop.example"},
		{host: "shop.example", target: "other.example", err: tenanthttp.ErrMalformed},
		{host: "", err: tenanthttp.ErrUnnamed},
		{host: "127.0.0.1", err: tenanthttp.ErrUnnamed},
		{host: "127.0.0.1:80", err: tenanthttp.ErrUnnamed},
		{host: "[::1]", err: tenanthttp.ErrUnnamed},
		{host: "[::1]:80", err: tenanthttp.ErrUnnamed},
		{host: "::1", err: tenanthttp.ErrUnnamed},
		{host: "[::1]:http", err: tenanthttp.ErrMalformed},
		{host: "[::1", err: tenanthttp.ErrMalformed},
		{host: "[shop.example]", err: tenanthttp.ErrMalformed},
		{host: "shop.example:80:80", err: tenanthttp.ErrMalformed},
		{host: "shop..example", err: tenanthttp.ErrMalformed},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host, r.URL.Host = test.host, test.target
		who, err := tenanthttp.Host().ResolveTenant(r)
		if who.Name != test.name || !who.Tenant.IsZero() || !errors.Is(err, test.err) {
			t.Errorf("%q at %q: %+v, %v", test.host, test.target, who, err)
		}
		// So too where the resolver goes by something else.
		want := test.err
		if errors.Is(want, tenanthttp.ErrUnnamed) {
			want = nil
		}
		except := must[tenanthttp.Resolver](t)(tenanthttp.Except(proved, "www.example"))
		if who, err := except.ResolveTenant(r); !errors.Is(err, want) || (err == nil) != who.Verified {
			t.Errorf("%q at %q, not excepted: %+v, %v", test.host, test.target, who, err)
		}
	}
}
