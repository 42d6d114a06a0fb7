package tenantjwt_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenantjwt"
)

// The table of hostile tokens is in package tenanthttp's tests, where a real server gets them.
func TestATokenSaysWhoseItIsOrNothing(t *testing.T) {
	secret := []byte("a secret that has thirty-two byte")
	keys, err := tenantjwt.StaticKeys(tenantjwt.Key{Public: secret, Method: "HS256"})
	if err != nil {
		t.Fatal(err)
	}
	o := options(keys)
	o.Methods, o.MaxBytes = []string{"HS256"}, 1000
	resolver, err := tenantjwt.New(o)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		header map[string]any
		claims jwt.MapClaims
		method jwt.SigningMethod
		key    []byte
		want   string // the name; empty: it is refused
		tenant string
	}{
		{name: "a secret's", want: "acme", tenant: "acme"},
		{name: "a foreign name", claims: jwt.MapClaims{"tenant": "org_7"}, want: "org_7"},
		{name: "an access token", header: map[string]any{"typ": "application/at+JWT"}, want: "acme", tenant: "acme"},
		{name: "no type", header: map[string]any{"typ": nil}, want: "acme", tenant: "acme"},
		{name: "another secret's", key: []byte("another secret that is long enough")},
		{name: "a longer signature than the key is for", method: jwt.SigningMethodHS512},
		{name: "another type", header: map[string]any{"typ": "dpop+jwt"}},
		{name: "a type that is none", header: map[string]any{"typ": []string{"JWT"}}},
		{name: "critical extensions", header: map[string]any{"crit": []string{}}},
		{name: "a key's ID that is none", header: map[string]any{"kid": 7}},
		{name: "a key's ID of nobody", header: map[string]any{"kid": "k"}},
		{name: "a subject that is none", claims: jwt.MapClaims{"sub": []string{}}},
		{name: "no tenant", claims: jwt.MapClaims{"tenant": nil}},
		{name: "a tenant that is none", claims: jwt.MapClaims{"tenant": 7}},
		{name: "too long", claims: jwt.MapClaims{"x": strings.Repeat("x", 1000)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			claims := jwt.MapClaims{"iss": o.Issuer, "aud": o.Audience, "sub": "ann", "tenant": "acme", "exp": time.Now().Add(time.Hour).Unix()}
			for name, value := range test.claims {
				claims[name] = value
			}
			method, key := jwt.SigningMethod(jwt.SigningMethodHS256), secret
			if test.method != nil {
				method = test.method
			}
			if test.key != nil {
				key = test.key
			}
			token := jwt.NewWithClaims(method, claims)
			for name, value := range test.header {
				if token.Header[name] = value; value == nil {
					delete(token.Header, name)
				}
			}
			signed, err := token.SignedString(key)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second time from memory, if it is good
				who, err := try(t, resolver, signed)
				if test.want == "" {
					if !errors.Is(err, tenanthttp.ErrUnauthenticated) || who != (tenanthttp.Identity{}) {
						t.Errorf("%+v, %v", who, err)
					}
					continue
				}
				if err != nil || who.Name != test.want || who.Tenant.String() != test.tenant || !who.Verified || who.By != "jwt" || who.Subject != "ann" {
					t.Errorf("%+v, %v", who, err)
				}
			}
		})
	}
	if _, err := try(t, resolver, "silo_an_api_key"); !errors.Is(err, tenanthttp.ErrUnnamed) {
		t.Errorf("an API key: %v", err)
	}
}

// Whoever has left out a key's ID finds out by the log why no token is good.
func TestATokenOfAKeyThatIsNotThereSaysWhichItAsksFor(t *testing.T) {
	key := newSigner(t, "k")
	unnamed := tenantjwt.Key{Public: &key.key.PublicKey}
	var many []tenantjwt.Key
	for i := range 9 {
		many = append(many, tenantjwt.Key{ID: strconv.Itoa(i), Public: unnamed.Public})
	}
	for _, test := range []struct {
		kid, want string
		keys      []tenantjwt.Key
	}{
		{"k", `there is no key "k" for ES256`, []tenantjwt.Key{unnamed}},
		{strings.Repeat("k", 1000), `there is no key "` + strings.Repeat("k", 80) + `" for ES256`, []tenantjwt.Key{unnamed}},
		{"", "it names no key, and of those for ES256 there are none, or more than 8", many},
	} {
		keys, err := tenantjwt.StaticKeys(test.keys[0], test.keys[1:]...)
		if err != nil {
			t.Fatal(err)
		}
		resolver, err := tenantjwt.New(options(keys))
		if err != nil {
			t.Fatal(err)
		}
		token := key.tokenWithoutID(t, "acme")
		if test.kid != "" {
			token = key.sign(t, "acme", map[string]any{"alg": "ES256", "kid": test.kid})
		}
		if _, err := try(t, resolver, token); !errors.Is(err, tenanthttp.ErrUnauthenticated) || !strings.HasSuffix(err.Error(), test.want) {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}
