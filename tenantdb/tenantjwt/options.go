package tenantjwt

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Options say which tokens are accepted. Issuer, Audience, Methods, Keys and Claim are required.
type Options struct {
	// Issuer is who has made the token: its claim iss, exactly.
	Issuer string

	// Audience is whom it is for: one of its claim aud, exactly.
	Audience string

	// Methods are the signatures that are accepted, of RS256, RS384, RS512, PS256, PS384,
	// PS512, ES256, ES384, ES512, EdDSA and, where Keys has a secret for it, HS256, HS384 and HS512.
	// A JWKS never has: whoever reads the document could sign with it.
	Methods []string

	// Keys are what signatures are verified with: those of [StaticKeys] or [NewJWKS].
	Keys Keys

	// Claim is the claim that names the tenant. It must be a string. If it is no tenant's ID,
	// tenanthttp.Alias finds whose it is.
	Claim string

	// Leeway is how much the issuer's clock may differ from this one's, for the claims exp,
	// nbf and iat. Defaults to 0. More than five minutes is an error.
	Leeway time.Duration

	// MaxBytes is the most that a token may have; longer ones are refused unread. Defaults to
	// 8,192.
	MaxBytes int

	// Remember is how many verified tokens are remembered, each until it expires or its
	// key is withdrawn, so that the signature of one that comes again is not verified again.
	// The tokens are in memory meanwhile. Defaults to 4,096; negative remembers none.
	Remember int
}

const (
	maxLeeway       = 5 * time.Minute
	defaultMaxBytes = 8 << 10
	defaultRemember = 4 << 10
)

// ErrOptions is returned by the functions of this package that make something for options that
// would accept more than they say, or nothing.
var ErrOptions = errors.New("not acceptable for tokens")

func (o Options) withDefaults() (Options, error) {
	bad := func(format string, args ...any) (Options, error) {
		return o, fmt.Errorf("tenantjwt: %w: %s", ErrOptions, fmt.Sprintf(format, args...))
	}
	switch {
	case o.Issuer == "":
		return bad("Options.Issuer is empty; any issuer's tokens would be accepted")
	case o.Audience == "":
		return bad("Options.Audience is empty; tokens for other services would be accepted")
	case len(o.Methods) == 0:
		return bad("Options.Methods is empty; name the issuer's, such as ES256")
	case o.Keys == nil:
		return bad("Options.Keys is nil; use StaticKeys or NewJWKS")
	case o.Claim == "":
		return bad("Options.Claim is empty; name the claim that has the tenant")
	case o.Leeway < 0 || o.Leeway > maxLeeway:
		return bad("Options.Leeway is %v; use 0 to %v", o.Leeway, maxLeeway)
	case o.MaxBytes < 0:
		return bad("Options.MaxBytes is %d; use 0 for the default", o.MaxBytes)
	}
	if j, ok := o.Keys.(*JWKS); ok && (j == nil || j.end == nil) {
		return bad("Options.Keys is a nil or zero JWKS; use NewJWKS, and look at its error")
	}
	for _, method := range o.Methods {
		if _, ok := methods[method]; !ok {
			return bad("there is no method %q to accept; none is not one", method)
		}
		if bySecret(method) && !o.Keys.mayHold(method) {
			return bad("Options.Methods has %s, and Options.Keys no secret for it; name the method of the issuer's public keys, such as ES256, or give StaticKeys the secret that you share with the issuer", method)
		}
	}
	o.Methods = slices.Clone(o.Methods)
	if o.MaxBytes == 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.Remember == 0 {
		o.Remember = defaultRemember
	}
	return o, nil
}
