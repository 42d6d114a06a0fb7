package tenanthttp

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/silokit/silo/tenantdb"
)

// Resolver finds which tenant a request is for. Its errors are the ones below or hold one:
// [ErrUnnamed] says that the request does not use this way of naming one, so that
// [First] tries the next; any other refuses the request. What it is not sure of it refuses.
type Resolver interface {
	// ResolveTenant is called for each request, concurrently. It reads no body, keeps and
	// changes nothing of r, and ends with r's context.
	ResolveTenant(r *http.Request) (Identity, error)
}

// Identity is what a request says of its tenant.
type Identity struct {
	// Tenant is whom the request is for. Zero where Name is no tenant's ID: such a request
	// is answered like one for a tenant that does not exist.
	Tenant tenantdb.ID

	// Name is what the request calls the tenant, as [Alias] looks it up: a label, a domain,
	// a claim. Empty where the resolver knows the tenant by other means.
	Name string

	// Verified says that the request has proved that it may act for the tenant, by a token,
	// a key, or a proxy that is trusted. A name in a host or a path proves nothing.
	Verified bool

	// By is the means, for logs and records: "subdomain", "jwt", "api key".
	By string

	// Subject is who acts, as verified, for logs and records: a user, a key's ID. It may
	// be empty.
	Subject string

	// strip is the beginning of the path that the handler does not see.
	strip string
}

// Why a resolver refuses a request.
var (
	// ErrUnnamed is returned for a request that does not use this way of naming a tenant:
	// it has no such header, another host. The only error after which [First] goes on.
	ErrUnnamed = errors.New("the request names no tenant")

	// ErrMalformed is returned for a request that is not to be understood, or in two ways.
	ErrMalformed = errors.New("the request is malformed")

	// ErrUnauthenticated is returned for a credential that is there and does not verify:
	// a token that is expired, a key that is not known.
	ErrUnauthenticated = errors.New("the credential is not valid")

	// ErrForbidden is returned for a tenant that is not the one the request has proved.
	// Clients get the answer of a tenant that does not exist. If the Identity that comes with
	// it has a tenant, [Middleware] looks it up as it would have otherwise.
	ErrForbidden = errors.New("the tenant is not the request's")

	// ErrUnavailable is returned when it cannot be known at the moment.
	ErrUnavailable = errors.New("who the tenant is cannot be known at the moment")
)

// ResolverFunc is a Resolver that is a function, as an application's own.
type ResolverFunc func(r *http.Request) (Identity, error)

// ResolveTenant calls f; a nil one refuses every request.
func (f ResolverFunc) ResolveTenant(r *http.Request) (Identity, error) {
	if f == nil {
		return Identity{}, errNilResolver
	}
	return f(r)
}

var errNilResolver = errors.New("a resolver, or what it asks, is nil")

// resolve asks a resolver, which may be nil by mistake.
func resolve(by Resolver, r *http.Request) (Identity, error) {
	if by == nil {
		return Identity{}, errNilResolver
	}
	return by.ResolveTenant(r)
}

// named makes an Identity of a name that was found in a request. That of a tenant is its ID:
// nothing is folded, so that no two names are one tenant's.
func named(by, name string) Identity {
	id, err := tenantdb.ParseID(name)
	if err != nil {
		id = tenantdb.ID{}
	}
	return Identity{Tenant: id, Name: name, By: by}
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}
