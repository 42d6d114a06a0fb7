package tenantjwt_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenantjwt"
)

func newRSA(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// signed is a token of acme, by one of the methods of which an RSA key has six.
func signed(t *testing.T, method jwt.SigningMethod, key *rsa.PrivateKey) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, jwt.MapClaims{
		"iss": "https://id.example.com", "aud": "notes", "tenant": "acme", "exp": time.Now().Add(time.Hour).Unix(),
	}).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// The key could verify all of them: it is the options, or what the key says of itself, that do not
// name them.
func TestAMethodThatIsNotNamedIsRefused(t *testing.T) {
	private := newRSA(t)
	for _, test := range []struct {
		own  string // the key's
		good map[string]bool
	}{
		{"", map[string]bool{"RS256": true, "PS512": true}},
		{"PS512", map[string]bool{"PS512": true}},
	} {
		keys, err := tenantjwt.StaticKeys(tenantjwt.Key{Public: &private.PublicKey, Method: test.own})
		if err != nil {
			t.Fatal(err)
		}
		o := options(keys)
		o.Methods = []string{"RS256", "PS512"}
		resolver, err := tenantjwt.New(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []jwt.SigningMethod{jwt.SigningMethodRS256, jwt.SigningMethodRS384, jwt.SigningMethodRS512, jwt.SigningMethodPS256, jwt.SigningMethodPS512} {
			_, err := try(t, resolver, signed(t, method, private))
			if good := test.good[method.Alg()]; good && err != nil || !good && !errors.Is(err, tenanthttp.ErrUnauthenticated) {
				t.Errorf("%s, of a key for %q: %v", method.Alg(), test.own, err)
			}
		}
	}
}

func TestAKeyThatIsForAnotherMethodNowIsAnotherKey(t *testing.T) {
	private := newRSA(t)
	synctest.Test(t, func(t *testing.T) {
		from := &issuer{}
		publish := func(method string) {
			document := fmt.Sprintf(`{"keys":[{"kty":"RSA","kid":"","alg":%q,"n":%q,"e":"AQAB"}]}`, method, base64.RawURLEncoding.EncodeToString(private.N.Bytes()))
			from.set(func() { from.document, from.version = []byte(document), from.version+1 })
		}
		publish("RS256")
		keys, _ := follow(t, from, tenantjwt.JWKSOptions{Refresh: time.Hour})
		o := options(keys)
		o.Methods = []string{"RS256", "RS512"}
		resolver, err := tenantjwt.New(o)
		if err != nil {
			t.Fatal(err)
		}
		token := signed(t, jwt.SigningMethodRS256, private)
		if _, err := try(t, resolver, token); err != nil {
			t.Fatal(err)
		}
		publish("RS512")
		if err := keys.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := try(t, resolver, token); !errors.Is(err, tenanthttp.ErrUnauthenticated) {
			t.Errorf("a token of the old method: %v", err)
		}
		if _, err := try(t, resolver, signed(t, jwt.SigningMethodRS512, private)); err != nil {
			t.Errorf("a token of the new one: %v", err)
		}
	})
}
