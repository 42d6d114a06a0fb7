package tenantjwt_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/silokit/silo/tenantdb/tenantjwt"
)

// exampleKey is an issuer's key.
func exampleKey() (ed25519.PrivateKey, ed25519.PublicKey) {
	private := ed25519.NewKeyFromSeed([]byte("not a good seed for a real issuer"[:32]))
	return private, private.Public().(ed25519.PublicKey)
}

// exampleRequest is a request with a token for acme.
func exampleRequest(key ed25519.PrivateKey) *http.Request {
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims{
		"iss": "https://id.example.com", "aud": "notes", "sub": "ann", "org": "acme", "exp": time.Now().Add(time.Hour).Unix(),
	})
	signed, err := token.SignedString(key)
	if err != nil {
		log.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+signed)
	return r
}

func ExampleNew() {
	private, public := exampleKey()
	keys, err := tenantjwt.StaticKeys(tenantjwt.Key{Public: public})
	if err != nil {
		log.Fatal(err)
	}
	token, err := tenantjwt.New(tenantjwt.Options{
		Issuer: "https://id.example.com", Audience: "notes", Methods: []string{"EdDSA"}, Keys: keys, Claim: "org",
	})
	if err != nil {
		log.Fatal(err)
	}
	who, err := token.ResolveTenant(exampleRequest(private))
	fmt.Println(who.Tenant, who.Subject, who.Verified, err)
	// Output: acme ann true <nil>
}

func ExampleStaticKeys() {
	_, public := exampleKey()
	_, err := tenantjwt.StaticKeys(
		tenantjwt.Key{ID: "2026-10", Public: public},
		tenantjwt.Key{ID: "2026-11", Public: public, Method: "EdDSA"},
	)
	fmt.Println(err)
	// Output: <nil>
}

func ExampleNewJWKS() {
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"2026-11","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`)
	}))
	defer issuer.Close()
	keys, err := tenantjwt.NewJWKS(context.Background(), issuer.URL, tenantjwt.JWKSOptions{Refresh: time.Minute})
	if err != nil {
		log.Fatal(err)
	}
	defer keys.Close()
	_, err = tenantjwt.New(tenantjwt.Options{
		Issuer: "https://id.example.com", Audience: "notes", Methods: []string{"EdDSA"}, Keys: keys, Claim: "org",
	})
	fmt.Println(err)
	// Output: <nil>
}

func ExampleJWKS_Refresh() {
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"keys":[]}`) }))
	defer issuer.Close()
	keys, err := tenantjwt.NewJWKS(context.Background(), issuer.URL, tenantjwt.JWKSOptions{Refresh: time.Hour})
	if err != nil {
		log.Fatal(err)
	}
	defer keys.Close()
	fmt.Println(keys.Refresh(context.Background())) // the issuer has said that a key is withdrawn
	// Output: <nil>
}
