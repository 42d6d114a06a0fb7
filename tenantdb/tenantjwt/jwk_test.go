package tenantjwt_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"github.com/silokit/silo/tenantdb/tenantjwt"
)

func TestOnlyKeysThatVerifySignaturesAreTakenOfADocument(t *testing.T) {
	text := base64.RawURLEncoding.EncodeToString
	ec := newSigner(t, "k").jwk()
	with := func(changes ...string) map[string]string {
		changed := map[string]string{}
		for k, v := range ec {
			changed[k] = v
		}
		for i := 0; i < len(changes); i += 2 {
			changed[changes[i]] = changes[i+1]
		}
		return changed
	}
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey := map[string]string{"kty": "RSA", "kid": "r", "n": text(private.N.Bytes()), "e": "AQAB"}
	weak := map[string]string{"kty": "RSA", "kid": "r", "n": text(new(big.Int).Lsh(big.NewInt(1), 1000).Bytes()), "e": "AQAB"}
	huge := map[string]string{"kty": "RSA", "kid": "r", "n": rsaKey["n"], "e": text([]byte{1, 0, 0, 0, 0, 0, 1, 0, 1})} // 65537 in an int64
	ed := map[string]string{"kty": "OKP", "crv": "Ed25519", "kid": "e", "x": text(make([]byte, 32))}
	tests := []struct {
		name string
		key  any
		want int
	}{
		{"EC", ec, 1},
		{"RSA", rsaKey, 1},
		{"Ed25519", ed, 1},
		{"for encryption", with("use", "enc"), 0},
		{"a private key", with("d", "x"), 0},
		{"another curve", with("crv", "secp256k1"), 0},
		{"a point that is on no curve", with("y", ec["x"]), 0},
		{"a short point", with("x", "AQ"), 0},
		{"no point", with("x", "", "y", ""), 0},
		{"a point that is no base64", with("x", "***"), 0},
		{"a method of another type", with("alg", "RS256"), 0},
		{"a method of nobody", with("alg", "none"), 0},
		{"a secret", map[string]string{"kty": "oct", "k": text(make([]byte, 64))}, 0},
		{"an unknown type", map[string]string{"kty": "PQC"}, 0},
		{"no type", map[string]string{}, 0},
		{"a short RSA key", weak, 0},
		{"an RSA key with a large exponent", huge, 0},
		{"another Edwards curve", map[string]string{"kty": "OKP", "crv": "Ed448", "x": text(make([]byte, 57))}, 0},
		{"a short Ed25519 key", map[string]string{"kty": "OKP", "crv": "Ed25519", "x": "AQ"}, 0},
		{"an ID that is a number", map[string]any{"kty": "EC", "kid": 1}, 0},
		{"a list", []string{}, 0},
		{"operations without verify", map[string]any{"kty": "OKP", "crv": "Ed25519", "x": ed["x"], "key_ops": []string{"sign"}}, 0},
		{"operations with verify", map[string]any{"kty": "OKP", "crv": "Ed25519", "x": ed["x"], "key_ops": []string{"verify"}}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			document, err := json.Marshal(map[string]any{"keys": []any{test.key}})
			if err != nil {
				t.Fatal(err)
			}
			keys, err := tenantjwt.ParseJWKS(document)
			if err != nil || len(keys) != test.want {
				t.Errorf("%d keys of %s, %v; want %d", len(keys), document, err, test.want)
			}
			for _, k := range keys {
				if _, err := tenantjwt.StaticKeys(k); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// FuzzParseJWKS holds that each key of a document can be verified with.
func FuzzParseJWKS(f *testing.F) {
	for _, seed := range []string{`{"keys":[]}`, `{}`, `{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"}]}`, `{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}`,
		`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		keys, err := tenantjwt.ParseJWKS(document)
		if err != nil && keys != nil {
			t.Errorf("keys and an error: %v, %v", keys, err)
		}
		for _, k := range keys {
			if _, err := tenantjwt.StaticKeys(k); err != nil {
				t.Errorf("%s has a key that is none: %v", document, err)
			}
		}
	})
}

func ExampleParseJWKS() {
	keys, err := tenantjwt.ParseJWKS([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"2026-11","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(keys), keys[0].ID)
	// Output: 1 2026-11
}
