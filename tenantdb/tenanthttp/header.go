package tenanthttp

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/textproto"
	"slices"
	"strings"
)

// Proxies says whose word [Header] takes. The zero Proxies is nobody's.
type Proxies struct {
	everyone bool
	prefixes []netip.Prefix
}

// ProxiesAt are those whose connections come from the addresses: the proxy's own, not those of
// its network, for all who can connect from there can name any tenant.
// An IPv4 address that is written as one of IPv6 (::ffff:10.0.0.7) is that IPv4 address.
func ProxiesAt(prefixes ...netip.Prefix) Proxies {
	var p Proxies
	for _, prefix := range prefixes {
		if prefix.Addr().Is4In6() && prefix.Bits() >= 96 {
			prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
		}
		p.prefixes = append(p.prefixes, prefix)
	}
	return p
}

// OnlyProxiesConnect states that nobody but a trusted proxy can connect to the server at
// all, as with a Unix socket in a folder that only the proxy may enter. Whoever can connect all
// the same can name any tenant.
func OnlyProxiesConnect() Proxies { return Proxies{everyone: true} }

// Header names the tenant by a header that a trusted proxy sets, and has removed where a client
// sent it. What comes from there counts as verified. The header from anywhere else is
// [ErrForbidden], and two of it are [ErrMalformed]; without it the request names no tenant
// ([ErrUnnamed]). A name that is no header's, and Authorization, Cookie, Host and the like, which
// clients set, are an error, and so are Proxies that are zero.
//
// The connection counts, by [http.Request.RemoteAddr]: handlers that rewrite it from
// X-Forwarded-For have to come after this.
func Header(name string, from Proxies) (Resolver, error) {
	canonical := textproto.CanonicalMIMEHeaderKey(name)
	switch {
	case !isHeader(name):
		return nil, fmt.Errorf("tenanthttp: %q is no header's name", name)
	case slices.Contains(clientsHeaders[:], canonical):
		return nil, fmt.Errorf("tenanthttp: %s is a header that clients set; have the proxy set one that is the tenant's alone", canonical)
	case !from.everyone && len(from.prefixes) == 0:
		return nil, fmt.Errorf("tenanthttp: no proxy is trusted to set %s; say whose word counts with ProxiesAt or OnlyProxiesConnect", canonical)
	case slices.ContainsFunc(from.prefixes, func(p netip.Prefix) bool { return !p.IsValid() }):
		return nil, fmt.Errorf("tenanthttp: a prefix of the proxies that are trusted to set %s is none; write one such as 10.0.0.7/32", canonical)
	}
	by := "header " + canonical
	return ResolverFunc(func(r *http.Request) (Identity, error) {
		value, err := single(r, canonical)
		switch {
		case err != nil:
			return Identity{}, err
		case !from.trust(r.RemoteAddr):
			return Identity{}, fmt.Errorf("%w: %s comes from %s, which is no trusted proxy", ErrForbidden, by, r.RemoteAddr)
		}
		found := named(by, value)
		found.Verified = true
		return found, nil
	}), nil
}

// clientsHeaders have a meaning of their own, and clients send them.
var clientsHeaders = [...]string{"Authorization", "Cookie", "Host", "Forwarded", "X-Forwarded-Host", "X-Forwarded-For", "Origin", "Referer"}

func isHeader(name string) bool {
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return name != ""
}

// trust reports whether the connection from the address is a proxy's.
func (p Proxies) trust(address string) bool {
	if p.everyone {
		return true
	}
	from, err := netip.ParseAddrPort(address)
	if err != nil {
		return false
	}
	ip := from.Addr().Unmap().WithZone("")
	return slices.ContainsFunc(p.prefixes, func(prefix netip.Prefix) bool { return prefix.Contains(ip) })
}
