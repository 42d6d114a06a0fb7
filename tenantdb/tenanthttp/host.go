package tenanthttp

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"github.com/silokit/silo/tenantdb"
)

// Subdomain names the tenant by the label before one of the base domains: acme.example.com is
// acme under example.com. The host is that of the request itself, never X-Forwarded-Host or
// Forwarded. Port, one trailing dot and upper case make no difference. Other hosts, the
// base itself and IP addresses name no tenant ([ErrUnnamed]); what is before the base and no
// ID, such as a.b, is the name of a tenant that does not exist, unless [Alias] knows it.
//
// Bases may be given in Unicode; requests have them in punycode, as browsers send them. A base
// that is no domain name, such as an address, is an error.
func Subdomain(base string, more ...string) (Resolver, error) {
	bases := make([]string, 0, 1+len(more))
	for _, b := range slices.Concat([]string{base}, more) {
		canonical, err := CanonicalHost(b)
		if err != nil {
			return nil, fmt.Errorf("tenanthttp: the base domain %q: %w", b, err)
		}
		bases = append(bases, "."+canonical)
	}
	// The longest first: under example.com and eu.example.com, a.eu.example.com is a.
	slices.SortStableFunc(bases, func(a, b string) int { return len(b) - len(a) })
	return ResolverFunc(func(r *http.Request) (Identity, error) {
		host, err := hostOf(r)
		if err != nil {
			return Identity{}, err
		}
		for _, base := range bases {
			if host == base[1:] {
				return Identity{}, ErrUnnamed
			}
			if name, ok := strings.CutSuffix(host, base); ok {
				return named("subdomain", name), nil
			}
		}
		return Identity{}, ErrUnnamed
	}), nil
}

// Host names the tenant by the whole host of the request, for [Alias]: a domain that a customer
// has brought along. The name is what [CanonicalHost] makes of it; store that as the alias.
// Of what is read see [Subdomain]. IP addresses name no tenant.
func Host() Resolver {
	return ResolverFunc(func(r *http.Request) (Identity, error) {
		host, err := hostOf(r)
		if err != nil {
			return Identity{}, err
		}
		// A host without a dot, such as localhost, has the form of an ID and is none.
		return Identity{Name: host, By: "host"}, nil
	})
}

// Except is the resolver, but for some hosts, which name no tenant ([ErrUnnamed]): the
// service's own, such as www.example.com under example.com. What is no domain name is an error.
func Except(resolver Resolver, host string, more ...string) (Resolver, error) {
	own := map[string]bool{}
	for _, h := range slices.Concat([]string{host}, more) {
		canonical, err := CanonicalHost(h)
		if err != nil {
			return nil, fmt.Errorf("tenanthttp: the host %q: %w", h, err)
		}
		own[canonical] = true
	}
	return ResolverFunc(func(r *http.Request) (Identity, error) {
		host, err := hostOf(r)
		switch {
		case err != nil && !errors.Is(err, ErrUnnamed):
			return Identity{}, err
		case own[host]:
			return Identity{}, ErrUnnamed
		}
		return resolve(resolver, r)
	}), nil
}

// CanonicalHost returns a domain name in the one form in which [Host] and [Subdomain] compare:
// lower case, in punycode, without a trailing dot. What is no domain name, such as an address, or is
// with a port, is [ErrMalformed].
func CanonicalHost(name string) (string, error) {
	ascii := strings.ToLower(strings.TrimSuffix(name, "."))
	if !isASCII(name) {
		var err error
		if ascii, err = idna.Lookup.ToASCII(strings.TrimSuffix(name, ".")); err != nil {
			return "", malformed("%q is no domain name: %v", name, err)
		}
	}
	if isIPv4(ascii) {
		return "", malformed("%q is an address", name)
	}
	return checkedDomain(ascii)
}

// hostOf returns the host of a request in its canonical form. A host that is an address
// is ErrUnnamed.
func hostOf(r *http.Request) (string, error) {
	switch {
	// A web socket over HTTP/2 is a CONNECT, too, and has the server's host (RFC 8441, 4).
	case r.Method == http.MethodConnect && len(r.Header[":protocol"]) == 0:
		return "", malformed("a tunnel is no request of a tenant")
	case r.URL.User != nil:
		return "", malformed("the target has user information")
	}
	if r.URL.Host != "" && r.URL.Host != r.Host {
		// The server has taken the one for the other, or somebody has changed one.
		return "", malformed("the target and the host differ")
	}
	// HTTP/2 has the host in :authority, and lets through what else the header says.
	if hosts := r.Header["Host"]; len(hosts) > 1 || len(hosts) == 1 && hosts[0] != r.Host {
		return "", malformed("the authority and the host differ")
	}
	host := r.Host
	if host == "" {
		return "", ErrUnnamed // HTTP/1.0
	}
	if host[0] == '[' || strings.Count(host, ":") > 1 {
		return "", literal(host)
	}
	if name, port, ok := strings.Cut(host, ":"); ok {
		if !isPort(port) {
			return "", malformed("the host %q has no valid port", shortened(host))
		}
		host = name
	}
	host = strings.TrimSuffix(host, ".")
	if isIPv4(host) {
		return "", ErrUnnamed
	}
	// A target has them decoded, and the Kelvin sign would be a k in small letters.
	if !isASCII(host) {
		return "", malformed("the host %q is not in ASCII", shortened(host))
	}
	if len(r.RequestURI) > longTarget {
		host = strings.Clone(host)
	}
	return checkedDomain(strings.ToLower(host))
}

func isASCII(name string) bool {
	for i := range len(name) {
		if name[i] > 0x7f {
			return false
		}
	}
	return true
}

// longTarget is how long a request's target is of which a name is copied. A host and a path are
// parts of it, and names are remembered: they would keep the whole target in memory.
const longTarget = 512

// isIPv4 reports whether a host is an address of that kind.
func isIPv4(host string) bool {
	if host == "" || host[len(host)-1] > '9' { // no top-level domain ends with a digit
		return false
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}

// literal is the error of a host that is an IPv6 address, with a port or without.
func literal(host string) error {
	address := host
	if name, port, err := net.SplitHostPort(host); err == nil && isPort(port) {
		address = name
	} else if inner, ok := strings.CutPrefix(host, "["); ok {
		address, ok = strings.CutSuffix(inner, "]")
		if !ok {
			return malformed("the host %q is no address", shortened(host))
		}
	}
	if _, err := netip.ParseAddr(address); err != nil {
		return malformed("the host %q is no address", shortened(host))
	}
	return ErrUnnamed
}

// isPort reports whether the text after a colon is a port. It may be empty (RFC 3986, 3.2.3).
func isPort(port string) bool {
	for i := range len(port) {
		if port[i] < '0' || port[i] > '9' {
			return false
		}
	}
	return len(port) <= 5
}

// checkedDomain returns the name if it is a domain's: labels of a-z, 0-9, - and _ in ASCII, none
// empty or longer than 63 bytes, at most 253 together. Punycode must be what a name in
// Unicode is written as, or two spellings would be one name.
func checkedDomain(name string) (string, error) {
	if name == "" || len(name) > 253 {
		return "", malformed("the host has %d bytes", len(name))
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > tenantdb.MaxIDLength {
			return "", malformed("the host %q has a label of %d bytes", name, len(label))
		}
		for i := range len(label) {
			if c := label[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
				return "", malformed("the host %q has the byte %q", name, c)
			}
		}
		// The other labels are not held to its rules: a tenant may be a--b under such a base, too.
		if strings.HasPrefix(label, "xn--") {
			if ascii, err := idna.Lookup.ToASCII(label); err != nil || ascii != label {
				return "", malformed("the host %q is not valid in punycode", name)
			}
		}
	}
	return name, nil
}
