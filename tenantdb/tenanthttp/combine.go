package tenanthttp

import (
	"errors"
	"fmt"
	"net/http"
)

// First is the first of the resolvers whose way of naming a tenant the request uses. Only
// [ErrUnnamed] has it go on: a token that is there and not valid refuses the request, whatever
// would come after it.
func First(resolvers ...Resolver) Resolver {
	return ResolverFunc(func(r *http.Request) (Identity, error) {
		for _, by := range resolvers {
			found, err := resolve(by, r)
			if !errors.Is(err, ErrUnnamed) {
				return found, err
			}
		}
		return Identity{}, ErrUnnamed
	})
}

// Agree is all of the resolvers whose way of naming a tenant the request uses: they must name
// the same one, or the request is [ErrForbidden]. So a token of acme is of no use on the host of
// globex. If none is used, it is [ErrUnnamed].
//
// The Identity is that of the first that is verified, or else of the first. All are asked
// in any case, so that a refusal costs the same whoever exists; of several errors, that of a
// credential comes first.
func Agree(resolvers ...Resolver) Resolver {
	return ResolverFunc(func(r *http.Request) (Identity, error) {
		var all agreement
		for _, by := range resolvers {
			found, err := resolve(by, r)
			all.add(found, err)
		}
		return all.result()
	})
}

// agreement is what several resolvers say together.
type agreement struct {
	Identity
	any   bool  // one has named a tenant
	other error // two have named different ones
	err   error // the gravest of the errors
}

func (a *agreement) add(found Identity, err error) {
	switch {
	case errors.Is(err, ErrUnnamed):
		return
	case err != nil:
		if a.err == nil || errors.Is(err, ErrUnauthenticated) && !errors.Is(a.err, ErrUnauthenticated) {
			a.err = err
		}
		return
	case !a.any:
		a.Identity, a.any = found, true
		return
	}
	if a.differs(found) {
		a.other = &MismatchError{A: a.Identity, B: found}
	}
	strip := a.strip
	if len(found.strip) > len(strip) {
		strip = found.strip
	}
	if found.Verified && !a.Verified {
		a.Identity = found
	}
	a.strip = strip
}

func (a *agreement) result() (Identity, error) {
	switch {
	case a.err != nil:
		return Identity{}, a.err
	case a.other != nil:
		return a.Identity, a.other
	case !a.any:
		return Identity{}, ErrUnnamed
	}
	return a.Identity, nil
}

// MismatchError says which two parts of a request name different tenants. It is ErrForbidden.
type MismatchError struct{ A, B Identity }

// Error names both, for logs.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("%v: %s and %s", ErrForbidden, e.A.says(), e.B.says())
}

// Is reports whether target is ErrForbidden.
func (e *MismatchError) Is(target error) bool { return target == ErrForbidden }

// differs reports whether the two name different tenants, or no tenant by different names.
func (i Identity) differs(other Identity) bool {
	return i.Tenant != other.Tenant || i.Tenant.IsZero() && i.Name != other.Name
}

// says tells a tenant from a name that is none's, though they be spelt alike.
func (i Identity) says() string {
	if i.Tenant.IsZero() {
		return fmt.Sprintf("the %s names %q, which is no tenant's ID or alias", i.By, shortened(i.Name))
	}
	return fmt.Sprintf("the %s names %q", i.By, i.Tenant)
}

// calls is how the request calls the tenant, which is the same before a foreign name is an alias
// and after.
func (i Identity) calls() string {
	if i.Name == "" {
		return i.By + " " + i.Tenant.String()
	}
	return i.By + " " + i.Name
}

// label is what to call the tenant in a log.
func (i Identity) label() string {
	if i.Tenant.IsZero() {
		return i.Name
	}
	return i.Tenant.String()
}

// Verified is the resolver, but for requests that name a tenant and have proved nothing: they are
// [ErrUnauthenticated]. Around [Agree] it makes a token needed where a host alone would name
// the tenant. What the resolver finds to name none is [ErrUnnamed], as without Verified.
func Verified(resolver Resolver) Resolver {
	return ResolverFunc(func(r *http.Request) (Identity, error) {
		found, err := resolve(resolver, r)
		if err == nil && !found.Verified {
			return Identity{}, fmt.Errorf("%w: the %s alone proves nothing", ErrUnauthenticated, found.By)
		}
		return found, err
	})
}
