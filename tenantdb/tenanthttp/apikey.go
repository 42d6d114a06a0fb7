package tenanthttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"strings"

	"github.com/silokit/silo/tenantdb/catalog"
)

// APIKeys is who knows API keys; a *catalog.Catalog does.
type APIKeys interface {
	// VerifyKey returns the key that a text is, or an error that is catalog.ErrBadKey.
	VerifyKey(ctx context.Context, text string) (catalog.Key, error)
}

// APIKey names the tenant of the API key that the request has for a bearer token, and has
// proved it. Other bearer tokens name no tenant ([ErrUnnamed]), so that one that is none can be
// looked at by the next resolver of [First]. A key that is not good, for whatever reason, is
// [ErrUnauthenticated], and costs the same; while the catalog cannot be asked, each is
// [ErrUnavailable]. The Subject is the key's ID.
func APIKey(keys APIKeys) Resolver {
	return ResolverFunc(func(r *http.Request) (Identity, error) {
		text, err := Bearer(r)
		switch {
		case err != nil:
			return Identity{}, err
		case !strings.HasPrefix(text, catalog.KeyPrefix):
			return Identity{}, ErrUnnamed
		}
		return keyIdentity(r.Context(), keys, text)
	})
}

// APIKeyHeader is [APIKey] for keys that are in a header of their own, such as X-API-Key,
// which may be there once. Whatever else is in it is [ErrUnauthenticated]. A name that is
// no header's is an error.
func APIKeyHeader(keys APIKeys, header string) (Resolver, error) {
	canonical := textproto.CanonicalMIMEHeaderKey(header)
	switch {
	case !isHeader(header):
		return nil, fmt.Errorf("tenanthttp: %q is no header's name", header)
	case canonical == "Authorization":
		return nil, errors.New("tenanthttp: keys in Authorization are bearer tokens; use APIKey")
	}
	return ResolverFunc(func(r *http.Request) (Identity, error) {
		text, err := single(r, canonical)
		if err != nil {
			return Identity{}, err
		}
		return keyIdentity(r.Context(), keys, text)
	}), nil
}

func keyIdentity(ctx context.Context, keys APIKeys, text string) (Identity, error) {
	if keys == nil {
		return Identity{}, errNilResolver
	}
	key, err := keys.VerifyKey(ctx, text)
	switch {
	case errors.Is(err, catalog.ErrBadKey):
		return Identity{}, fmt.Errorf("%w: %w", ErrUnauthenticated, err)
	case err != nil:
		return Identity{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return Identity{Tenant: key.Tenant, Verified: true, By: "api key", Subject: key.ID}, nil
}
