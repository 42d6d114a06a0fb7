package tenanthttp_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"

	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// Customers' own domains, whose tenants the catalog knows: see Alias.
func ExampleHost() {
	who, err := tenanthttp.Host().ResolveTenant(httptest.NewRequest(http.MethodGet, "https://Shop.Example:8443/", nil))
	fmt.Println(who.Name, who.By, who.Verified, err)
	// Output: shop.example host false <nil>
}

func ExampleProxiesAt() {
	proxies := tenanthttp.ProxiesAt(netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("fd00::/64"))
	by, err := tenanthttp.Header("X-Tenant", proxies)
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Tenant", "acme")
	r.RemoteAddr = "[fd00::7]:40000"
	show(by, r)
	// Output: acme, named by its header X-Tenant, verified: true
}
