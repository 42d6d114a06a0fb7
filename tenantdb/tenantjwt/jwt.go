package tenantjwt

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// maxClaim is the most bytes of a claim that names a tenant.
const maxClaim = 255

// New returns the resolver that finds the tenant in the bearer token of a request. Without a
// token, and with an API key, the request names no tenant ([tenanthttp.ErrUnnamed]); a
// token that is not acceptable in any point is [tenanthttp.ErrUnauthenticated], and
// [tenanthttp.ErrUnavailable] if its key cannot be read. Errors are [ErrOptions].
func New(options Options) (tenanthttp.Resolver, error) {
	options, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	checks := []jwt.ParserOption{
		jwt.WithValidMethods(options.Methods), jwt.WithIssuer(options.Issuer), jwt.WithAudience(options.Audience),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(options.Leeway), jwt.WithStrictDecoding(),
	}
	return &verifier{options: options, parser: jwt.NewParser(checks...), claims: jwt.NewValidator(checks...), remembered: newRemembered(options.Remember)}, nil
}

// verifier is what New returns.
type verifier struct {
	options    Options
	parser     *jwt.Parser
	claims     *jwt.Validator
	remembered *remembered
}

// ResolveTenant verifies the token of the request.
func (v *verifier) ResolveTenant(r *http.Request) (tenanthttp.Identity, error) {
	token, err := tenanthttp.Bearer(r)
	switch {
	case err != nil:
		return tenanthttp.Identity{}, err
	case strings.HasPrefix(token, catalog.KeyPrefix):
		return tenanthttp.Identity{}, tenanthttp.ErrUnnamed
	case len(token) > v.options.MaxBytes:
		return tenanthttp.Identity{}, refuse("it has %d bytes", len(token))
	}
	if known, ok := v.remembered.find(token); ok && v.options.Keys.holds(r.Context(), known.key) {
		return known.who, nil
	}
	who, key, err := v.verify(r.Context(), token)
	if key != nil && errors.Is(err, jwt.ErrTokenSignatureInvalid) && v.options.Keys.renewed(r.Context()) {
		// The issuer may have published another key by that name, or without one.
		who, key, err = v.verify(r.Context(), token)
	}
	switch {
	case errors.Is(err, tenanthttp.ErrUnavailable):
		return tenanthttp.Identity{}, err
	case err != nil:
		return tenanthttp.Identity{}, fmt.Errorf("%w: %w", tenanthttp.ErrUnauthenticated, err)
	}
	v.remembered.keep(token, verified{who: who.Identity, key: key, until: who.expires.Add(v.options.Leeway)})
	return who.Identity, nil
}

// claimed is what a token says.
type claimed struct {
	tenanthttp.Identity
	expires time.Time
}

// verify returns what a token says, and the key that was tried, if one was.
func (v *verifier) verify(ctx context.Context, token string) (who claimed, key *Key, err error) {
	claims := jwt.MapClaims{}
	_, err = v.parser.ParseWithClaims(token, claims, func(t *jwt.Token) (any, error) {
		id, err := checkHeader(t.Header)
		if err != nil {
			return nil, err
		}
		// Before the key is looked for, though the signature has still to say that they are true: of
		// a token that is refused in any case, such as another issuer's, no key is asked for.
		if err := errors.Join(v.claims.Validate(claims), checkTimes(claims)); err != nil {
			return nil, err
		}
		if who, err = v.identify(claims); err != nil {
			return nil, err
		}
		found, err := v.options.Keys.find(ctx, id, t.Method.Alg())
		if err != nil {
			return nil, err
		}
		key = found.signer(t, token)
		return key.Public, nil
	})
	return who, key, err
}

// signer returns the one of the keys that has signed the token, or any if none has. Of several that
// fit, only the signature says which it is.
func (s keySet) signer(t *jwt.Token, token string) *Key {
	for _, k := range s[1:] {
		if t.Method.Verify(token[:strings.LastIndexByte(token, '.')], t.Signature, k.Public) == nil {
			return k
		}
	}
	return s[0]
}

// checkTimes refuses times that are none: what is beyond an int64 has passed for the parser, and
// with it a token of a future that never comes.
func checkTimes(claims jwt.MapClaims) error {
	const most = 1 << 53 // beyond it a float64 knows no seconds
	for _, name := range [...]string{"exp", "nbf", "iat"} {
		if at, ok := claims[name].(float64); ok && (at < -most || at > most) {
			return refuse("its claim %s is no time", name)
		}
	}
	return nil
}

// identify returns whom the claims are about.
func (v *verifier) identify(claims jwt.MapClaims) (claimed, error) {
	name, ok := claims[v.options.Claim].(string)
	if !ok || name == "" || len(name) > maxClaim {
		return claimed{}, refuse("its claim %s is no text that names a tenant", v.options.Claim)
	}
	subject, err := claims.GetSubject()
	if err != nil {
		return claimed{}, refuse("its claim sub is no text")
	}
	expires, err := claims.GetExpirationTime()
	if err != nil || expires == nil {
		return claimed{}, refuse("its claim exp is no time")
	}
	id, err := tenantdb.ParseID(name)
	if err != nil {
		id = tenantdb.ID{} // a foreign name
	}
	return claimed{tenanthttp.Identity{Tenant: id, Name: name, Verified: true, By: "jwt", Subject: subject}, expires.Time}, nil
}

// checkHeader returns the ID of the key that a token names, or why it is not read: it has
// something that must be understood, or is of another kind than a JWT (RFC 7515, 4.1.11, RFC 8725,
// 3.11).
func checkHeader(header map[string]any) (id string, err error) {
	if _, critical := header["crit"]; critical {
		return "", errors.New("it has critical extensions")
	}
	if kind, there := header["typ"]; there {
		text, ok := kind.(string)
		text = strings.TrimPrefix(strings.ToLower(text), "application/")
		if !ok || text != "jwt" && text != "at+jwt" {
			return "", fmt.Errorf("it is of the type %v", kind)
		}
	}
	named, there := header["kid"]
	if !there {
		return "", nil
	}
	id, ok := named.(string)
	if !ok || id == "" {
		return "", errors.New("the ID of its key is no text")
	}
	return id, nil
}

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: %s", tenanthttp.ErrUnauthenticated, fmt.Sprintf(format, args...))
}
