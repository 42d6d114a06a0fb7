package tenantjwt_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenantjwt"
)

// exampleKey is an issuer's key.
func exampleKey() (ed25519.PrivateKey, ed25519.PublicKey) {
	private := ed25519.NewKeyFromSeed([]byte("not a good seed for a real issuer"[:32]))
	return private, private.Public().(ed25519.PublicKey)
}

// exampleToken is a token of the issuer's, for an organisation.
func exampleToken(key ed25519.PrivateKey, organisation string) string {
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims{
		"iss": "https://id.example.com", "aud": "notes", "sub": "ann", "org": organisation, "exp": time.Now().Add(time.Hour).Unix(),
	})
	signed, err := token.SignedString(key)
	if err != nil {
		log.Fatal(err)
	}
	return signed
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
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+exampleToken(private, "acme"))
	who, err := token.ResolveTenant(r)
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

// A service whose tenants have a host each, and whose users have tokens that name an
// organisation. Only a token makes a request a tenant's, and only on that tenant's host.
func Example() {
	store, cat, closeAll := exampleStore() // acme, which is the issuer's org_7
	defer closeAll()
	private, public := exampleKey()
	keys, err1 := tenantjwt.StaticKeys(tenantjwt.Key{Public: public}) // or NewJWKS
	token, err2 := tenantjwt.New(tenantjwt.Options{
		Issuer: "https://id.example.com", Audience: "notes", Methods: []string{"EdDSA"}, Keys: keys, Claim: "org",
	})
	host, err3 := tenanthttp.Subdomain("example.com")
	if err := errors.Join(err1, err2, err3); err != nil {
		log.Fatal(err)
	}
	who := tenanthttp.Verified(tenanthttp.Agree(host, tenanthttp.Alias(cat, "org", token)))
	edge := tenanthttp.Middleware(store, who, tenanthttp.Options{Audit: cat})

	mux := http.NewServeMux()
	mux.Handle("GET /modules", tenanthttp.Func(store, func(w http.ResponseWriter, r *http.Request, db *tenant.DB) error {
		modules, err := tenant.New(db).ListModules(r.Context(), nil)
		if err != nil {
			return err // answered by what it is
		}
		return json.NewEncoder(w).Encode(modules)
	}))
	service := edge(mux)

	for _, target := range []string{"https://acme.example.com/modules", "https://globex.example.com/modules"} {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.Header.Set("Authorization", "Bearer "+exampleToken(private, "org_7"))
		w := httptest.NewRecorder()
		service.ServeHTTP(w, r)
		fmt.Print(w.Code, " ", w.Body)
	}
	// Output:
	// 200 null
	// 404 {"type":"urn:silo:unknown-tenant","title":"Not Found","status":404,"detail":"There is no such tenant."}
}

// exampleStore opens a new data folder with the tenant acme in it.
func exampleStore() (store *tenant.Store, cat *catalog.Catalog, closeAll func()) {
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: folder})
	if err != nil {
		log.Fatal(err)
	}
	cat, err1 := catalog.Open(ctx, dir)
	store, err2 := tenant.Open(ctx, dir)
	acme, err3 := tenantdb.ParseID("acme")
	if err := errors.Join(err1, err2, err3); err != nil {
		log.Fatal(err)
	}
	_, err = cat.Register(ctx, catalog.Registration{ID: acme})
	if err := errors.Join(err, cat.AddAlias(ctx, acme, "org", "org_7"), store.Create(ctx, acme)); err != nil {
		log.Fatal(err)
	}
	return store, cat, func() {
		if err := errors.Join(dir.Close(), os.RemoveAll(folder)); err != nil {
			log.Fatal(err)
		}
	}
}

// What reads the issuer's document anew ends with the service.
func ExampleJWKS_Close() {
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"keys":[]}`) }))
	defer issuer.Close()
	keys, err := tenantjwt.NewJWKS(context.Background(), issuer.URL, tenantjwt.JWKSOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(keys.Close(), keys.Close())
	// Output: <nil> <nil>
}
