package tenanthttp_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenantjwt"
)

const (
	issuer   = "https://id.example.com"
	audience = "notes"
)

// authority issues tokens.
type authority struct {
	ec      *ecdsa.PrivateKey
	rsa     *rsa.PrivateKey
	ed      ed25519.PrivateKey
	foreign *ecdsa.PrivateKey // nobody knows it
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	a := &authority{
		ec:      must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)),
		rsa:     must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048)),
		foreign: must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)),
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a.ed = ed
	return a
}

// resolver accepts the authority's tokens.
func (a *authority) resolver(t testing.TB) tenanthttp.Resolver {
	t.Helper()
	keys := must[tenantjwt.Keys](t)(tenantjwt.StaticKeys(
		tenantjwt.Key{ID: "ec", Public: &a.ec.PublicKey},
		tenantjwt.Key{ID: "rsa", Public: &a.rsa.PublicKey, Method: "RS256"},
		tenantjwt.Key{ID: "ed", Public: a.ed.Public()},
	))
	return must[tenanthttp.Resolver](t)(tenantjwt.New(tenantjwt.Options{
		Issuer: issuer, Audience: audience, Methods: []string{"ES256", "RS256", "EdDSA"}, Keys: keys, Claim: "tenant",
	}))
}

// claims are those of a good token for the tenant, with some changed; nil takes one away.
func claims(tenant any, changed jwt.MapClaims) jwt.MapClaims {
	all := jwt.MapClaims{"iss": issuer, "aud": audience, "sub": "ann", "tenant": tenant, "exp": time.Now().Add(time.Hour).Unix()}
	maps.Copy(all, changed)
	maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
	return all
}

// sign makes a token with headers that are changed likewise.
func sign(t testing.TB, method jwt.SigningMethod, key any, c jwt.MapClaims, header map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, c)
	maps.Copy(token.Header, header)
	maps.DeleteFunc(token.Header, func(_ string, v any) bool { return v == nil })
	return must[string](t)(token.SignedString(key))
}

// good is a token that is in order.
func (a *authority) good(t testing.TB, tenant string) string {
	t.Helper()
	return a.with(t, tenant, nil)
}

// with is a token with some claims changed.
func (a *authority) with(t testing.TB, tenant any, changed jwt.MapClaims) string {
	t.Helper()
	return sign(t, jwt.SigningMethodES256, a.ec, claims(tenant, changed), map[string]any{"kid": "ec"})
}

// forged is a good token with the header of another method, unsigned.
func (a *authority) forged(t testing.TB, header map[string]any, signature string) string {
	t.Helper()
	parts := strings.Split(a.good(t, "acme"), ".")
	encoded, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(encoded) + "." + parts[1] + "." + signature
}

// publicPEM is the RSA key as it is published, which is no secret.
func (a *authority) publicPEM(t testing.TB) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&a.rsa.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func bearer(token string) string { return "Authorization: Bearer " + token }

// jwkOf is a key as documents have it.
func jwkOf(key *ecdsa.PublicKey, id string) map[string]string {
	encoded, err := key.Bytes()
	if err != nil {
		return nil
	}
	half := (len(encoded) - 1) / 2
	text := base64.RawURLEncoding.EncodeToString
	return map[string]string{"kty": "EC", "crv": "P-256", "kid": id, "use": "sig", "alg": "ES256", "x": text(encoded[1 : 1+half]), "y": text(encoded[1+half:])}
}
