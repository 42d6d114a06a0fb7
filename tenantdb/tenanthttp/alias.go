package tenanthttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/silokit/silo/tenantdb"
)

// Aliases is who knows foreign names; a *catalog.Catalog does.
type Aliases interface {
	// LookupAlias returns the tenant that has the alias, or an error that is
	// tenantdb.ErrUnknownTenant.
	LookupAlias(ctx context.Context, kind, value string) (tenantdb.ID, error)
}

// maxAlias is the most bytes of a name that is looked up: a domain's have 253 at the most, and
// nobody has longer ones.
const maxAlias = 255

// Alias has the catalog say whose the name is that the resolver has found: an
// organisation's ID in a token, a customer's domain. The kind is that of the alias. A name that
// nobody has, one of more than 255 bytes, and none, as an API key's Identity has it, are of a
// tenant that does not exist: put First around Alias, not within. While the catalog cannot be
// asked, which takes no longer than the request's context lasts, it is [ErrUnavailable].
func Alias(aliases Aliases, kind string, of Resolver) Resolver {
	return ResolverFunc(func(r *http.Request) (Identity, error) {
		if aliases == nil {
			return Identity{}, errNilResolver
		}
		found, err := resolve(of, r)
		if err != nil {
			return found, err
		}
		found.Tenant = tenantdb.ID{}
		if found.Name == "" || len(found.Name) > maxAlias {
			return found, nil
		}
		id, err := aliases.LookupAlias(r.Context(), kind, found.Name)
		switch {
		case errors.Is(err, tenantdb.ErrUnknownTenant):
			return found, nil
		case err != nil:
			return Identity{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		found.Tenant = id
		return found, nil
	})
}
