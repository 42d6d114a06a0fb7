package tenanthttp_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func tokenAttempts(t *testing.T, a *authority) []attempt {
	at := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	es := func(header map[string]any) string {
		return sign(t, jwt.SigningMethodES256, a.ec, claims("acme", nil), header)
	}
	kid := func(id string) map[string]any { return map[string]any{"kid": id} }
	good := a.good(t, "acme")
	parts := strings.Split(good, ".")
	p384 := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	all := []attempt{
		{"a token", "token", bearer(good), 200, "acme acme acme /"},
		{"a scheme in small letters", "token", "Authorization: bearer " + good, 200, "acme acme acme /"},
		{"RSA", "token", bearer(sign(t, jwt.SigningMethodRS256, a.rsa, claims("acme", nil), kid("rsa"))), 200, "acme acme acme /"},
		{"Ed25519", "token", bearer(sign(t, jwt.SigningMethodEdDSA, a.ed, claims("acme", nil), kid("ed"))), 200, "acme acme acme /"},
		{"several audiences", "token", bearer(a.with(t, "acme", jwt.MapClaims{"aud": []string{"mail", audience}})), 200, "acme acme acme /"},
		{"an access token", "token", bearer(es(map[string]any{"kid": "ec", "typ": "at+jwt"})), 200, "acme acme acme /"},

		{"no token", "token", "X: y", 400, ""},
		{"another scheme", "token", "Authorization: Basic " + good, 400, ""},
		{"the token alone", "token", "Authorization: " + good, 400, ""},
		{"an empty header", "token", "Authorization:", 400, ""},
		{"an empty token", "token", "Authorization: Bearer ", 400, ""},
		{"two tokens", "token", bearer(good) + "\r\n" + bearer(a.good(t, "globex")), 400, ""},
		{"a token in a cookie", "token", "Cookie: token=" + good, 400, ""},
		{"an API key", "token", bearer("silo_1_2"), 400, ""},
		{"garbage", "token", bearer("garbage"), 401, ""},
		{"two parts", "token", bearer(parts[0] + "." + parts[1]), 401, ""},
		{"four parts", "token", bearer(good + ".x"), 401, ""},
		{"five parts, as of an encrypted token", "token", bearer("a.b.c.d.e"), 401, ""},
		{"dots alone", "token", bearer(strings.Repeat(".", 5000)), 401, ""},
		{"a space within", "token", bearer(parts[0] + " " + parts[1] + "." + parts[2]), 401, ""},
		{"padding", "token", bearer(good + "="), 401, ""},
		{"bits after the end of the signature", "token", bearer(good[:len(good)-1] + string(good[len(good)-1]+1)), 401, ""},
		{"no signature", "token", bearer(parts[0] + "." + parts[1] + "."), 401, ""},
		{"another token's signature", "token", bearer(parts[0] + "." + parts[1] + "." + strings.Split(a.good(t, "globex"), ".")[2]), 401, ""},
		{"another token's claims", "token", bearer(parts[0] + "." + strings.Split(a.good(t, "globex"), ".")[1] + "." + parts[2]), 401, ""},
		{"a signature of zeros", "token", bearer(parts[0] + "." + parts[1] + "." + strings.Repeat("A", 86)), 401, ""},
		{"a token of 1 MB", "token", bearer(strings.Repeat("a", 900_000)), 401, ""},
		{"a good token that is too long", "token", bearer(a.with(t, "acme", jwt.MapClaims{"x": strings.Repeat("x", 10_000)})), 401, ""},

		{"alg none", "token", bearer(a.forged(t, map[string]any{"alg": "none"}, "")), 401, ""},
		{"alg None", "token", bearer(a.forged(t, map[string]any{"alg": "None", "kid": "ec"}, "")), 401, ""},
		{"alg none with a key", "token", bearer(a.forged(t, map[string]any{"alg": "none", "kid": "ec"}, parts[2])), 401, ""},
		{"no alg", "token", bearer(a.forged(t, map[string]any{"kid": "ec"}, parts[2])), 401, ""},
		{"an alg that is a number", "token", bearer(a.forged(t, map[string]any{"alg": 1, "kid": "ec"}, parts[2])), 401, ""},
		{"an alg of nobody", "token", bearer(a.forged(t, map[string]any{"alg": "XX256", "kid": "ec"}, parts[2])), 401, ""},
		{"a public key as a secret", "token", bearer(sign(t, jwt.SigningMethodHS256, a.publicPEM(t), claims("acme", nil), kid("rsa"))), 401, ""},
		{"an empty secret", "token", bearer(sign(t, jwt.SigningMethodHS256, []byte{}, claims("acme", nil), nil)), 401, ""},
		{"a method that the key is not for", "token", bearer(sign(t, jwt.SigningMethodPS256, a.rsa, claims("acme", nil), kid("rsa"))), 401, ""},
		{"a stronger method than is accepted", "token", bearer(sign(t, jwt.SigningMethodRS512, a.rsa, claims("acme", nil), kid("rsa"))), 401, ""},
		{"another curve", "token", bearer(sign(t, jwt.SigningMethodES384, p384, claims("acme", nil), kid("ec"))), 401, ""},
		{"the type of another key", "token", bearer(sign(t, jwt.SigningMethodRS256, a.rsa, claims("acme", nil), kid("ec"))), 401, ""},
		{"a key of nobody", "token", bearer(sign(t, jwt.SigningMethodES256, a.foreign, claims("acme", nil), kid("ec"))), 401, ""},
		{"an unknown key", "token", bearer(es(kid("other"))), 401, ""},
		{"a key that is a path", "token", bearer(es(kid("../../etc/passwd"))), 401, ""},
		{"a key with SQL", "token", bearer(es(kid("' OR 1=1 --"))), 401, ""},
		{"a key that is a number", "token", bearer(es(map[string]any{"kid": 1})), 401, ""},
		{"an empty key", "token", bearer(es(kid(""))), 401, ""},
		{"a key within the token", "token", bearer(sign(t, jwt.SigningMethodES256, a.foreign, claims("acme", nil), map[string]any{"jwk": jwkOf(&a.foreign.PublicKey, "x")})), 401, ""},
		{"a key at an address in the token", "token", bearer(sign(t, jwt.SigningMethodES256, a.foreign, claims("acme", nil), map[string]any{"kid": "x", "jku": "http://127.0.0.1/keys"})), 401, ""},
		{"critical extensions", "token", bearer(es(map[string]any{"kid": "ec", "crit": []string{"b64"}, "b64": false})), 401, ""},
		{"another type", "token", bearer(es(map[string]any{"kid": "ec", "typ": "logout+jwt"})), 401, ""},
		{"a type that is a number", "token", bearer(es(map[string]any{"kid": "ec", "typ": 7})), 401, ""},
		{"claims that are a list", "token", bearer(parts[0] + ".W10." + parts[2]), 401, ""},
	}
	for _, c := range []struct {
		name    string
		changed jwt.MapClaims
		status  int
	}{
		{"expired", jwt.MapClaims{"exp": at(-time.Second)}, 401},
		{"no expiry", jwt.MapClaims{"exp": nil}, 401},
		{"an expiry of zero", jwt.MapClaims{"exp": 0}, 401},
		{"an expiry that is text", jwt.MapClaims{"exp": "tomorrow"}, 401},
		{"an expiry before 1970", jwt.MapClaims{"exp": -1}, 401},
		{"an expiry that is no number of seconds", jwt.MapClaims{"exp": -1e300}, 401},
		{"from the future", jwt.MapClaims{"nbf": at(time.Hour)}, 401},
		{"a beginning that is text", jwt.MapClaims{"nbf": "x"}, 401},
		{"from a future beyond all time", jwt.MapClaims{"nbf": 1e300}, 401},
		{"from a future beyond an int64", jwt.MapClaims{"nbf": 1e19}, 401},
		{"issued beyond all time", jwt.MapClaims{"iat": 1e19}, 401},
		{"an expiry beyond all time", jwt.MapClaims{"exp": 1e300}, 401},
		{"issued in the future", jwt.MapClaims{"iat": at(time.Hour)}, 401},
		{"another audience", jwt.MapClaims{"aud": "mail"}, 401},
		{"an audience in capitals", jwt.MapClaims{"aud": "Notes"}, 401},
		{"no audience", jwt.MapClaims{"aud": nil}, 401},
		{"an empty audience", jwt.MapClaims{"aud": ""}, 401},
		{"no audience in a list", jwt.MapClaims{"aud": []string{}}, 401},
		{"an audience that is a number", jwt.MapClaims{"aud": 1}, 401},
		{"another issuer", jwt.MapClaims{"iss": "https://id.example.org"}, 401},
		{"an issuer with a slash more", jwt.MapClaims{"iss": issuer + "/"}, 401},
		{"no issuer", jwt.MapClaims{"iss": nil}, 401},
		{"an issuer that is a list", jwt.MapClaims{"iss": []string{issuer}}, 401},
		{"no tenant", jwt.MapClaims{"tenant": nil}, 401},
		{"an empty tenant", jwt.MapClaims{"tenant": ""}, 401},
		{"a tenant that is a number", jwt.MapClaims{"tenant": 1}, 401},
		{"tenants in a list", jwt.MapClaims{"tenant": []string{"acme"}}, 401},
		{"a tenant that is an object", jwt.MapClaims{"tenant": map[string]any{"id": "acme"}}, 401},
		{"a tenant that is true", jwt.MapClaims{"tenant": true}, 401},
		{"a tenant under a name in capitals", jwt.MapClaims{"tenant": nil, "Tenant": "acme"}, 401},
		{"a long tenant", jwt.MapClaims{"tenant": strings.Repeat("a", 300)}, 401},
		{"a tenant in capitals", jwt.MapClaims{"tenant": "ACME"}, 404},
		{"a tenant with a space", jwt.MapClaims{"tenant": "acme "}, 404},
		{"a tenant with a NUL", jwt.MapClaims{"tenant": "acme\x00"}, 404},
		{"a tenant that is a look-alike", jwt.MapClaims{"tenant": "аcme"}, 404},
		{"a tenant that is a path", jwt.MapClaims{"tenant": "../acme"}, 404},
		{"a tenant that does not exist", jwt.MapClaims{"tenant": "ghost"}, 404},
		{"a subject that is a number", jwt.MapClaims{"sub": 1}, 401},
	} {
		all = append(all, attempt{c.name, "token", bearer(a.with(t, "acme", c.changed)), c.status, ""})
	}
	for i := range all {
		all[i].request = get("/", "Host: x", all[i].request)
	}
	return all
}
