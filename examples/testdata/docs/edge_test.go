package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"example.com/notes/gen/tenant"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// jwksURL stands for the issuer's address in the block.
var jwksURL string

// newIssuer publishes a key at jwksURL until the test ends, and returns who signs with it.
func newIssuer(t *testing.T) (sign func(org string) string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"keys":[{"kty":"EC","crv":"P-256","kid":"1","x":%q,"y":%q}]}`, encode(public[1:33]), encode(public[33:]))
	}))
	t.Cleanup(server.Close)
	jwksURL = server.URL
	return func(org string) string {
		token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{
			"iss": "https://id.example.com", "aud": "notes", "exp": time.Now().Add(time.Minute).Unix(), "org": org,
		})
		token.Header["kid"] = "1"
		signed, err := token.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
}

func openManager(t *testing.T) (*tenant.Store, *catalog.Catalog, *lifecycle.Manager[tenant.Schema]) {
	t.Helper()
	kit := tenanttest.New(t, tenant.Open)
	cat, err := catalog.Open(t.Context(), kit.Dir)
	if err != nil {
		t.Fatal(err)
	}
	manager, err := lifecycle.New(kit.Store, cat, lifecycle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return kit.Store, cat, manager
}

func TestEdgeOfDocs(t *testing.T) {
	sign := newIssuer(t)
	store, cat, manager := openManager(t)
	for name, org := range map[string]string{"acme": "org_01EH", "globex": "org_02"} {
		_, err := manager.Create(t.Context(), lifecycle.Creation[tenant.Schema]{
			ID: tenanttest.ID(t, name), Aliases: []lifecycle.Alias{{Kind: "org", Value: org}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", loopback()+":0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	go func() {
		failed <- edgeOfDocs(context.Background(), addr, store, cat, http.NewServeMux(), slog.Default())
	}()
	tests := []struct {
		host, token string
		status      int
		has         string
	}{
		{"acme.example.com", sign("org_01EH"), 200, "null"},
		{"example.com", sign("org_01EH"), 200, "null"},
		{"acme.example.com", "", 401, "urn:silo:unauthenticated"},
		{"acme.example.com", sign("org_02"), 404, "urn:silo:unknown-tenant"},
		{"acme.example.com", sign("org_03"), 404, "urn:silo:unknown-tenant"},
		{"example.com", "", 400, "urn:silo:no-tenant"},
	}
	for _, test := range tests {
		status, body := ask(t, failed, addr, test.host, test.token)
		if status != test.status || !strings.Contains(body, test.has) {
			t.Errorf("%+v: %d %s", test, status, body)
		}
	}
}

// loopback is an address that no other process listens on, where there are more than one: a port that is free is
// so until the server has it.
func loopback() string {
	if runtime.GOOS != "linux" {
		return "127.0.0.1"
	}
	pid := os.Getpid()
	return fmt.Sprintf("127.%d.%d.%d", 64+pid>>16&63, pid>>8&255, pid&255)
}

// ask sends a request, again until the server listens.
func ask(t *testing.T, failed <-chan error, addr, host, token string) (status int, body string) {
	t.Helper()
	for {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+"/notes", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			select {
			case err := <-failed:
				t.Fatal(err)
			case <-time.After(10 * time.Millisecond):
			}
			continue
		}
		text, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(text)
	}
}

func TestSessionOfDocs(t *testing.T) {
	store, cat, manager := openManager(t)
	acme, err := manager.Create(t.Context(), lifecycle.Creation[tenant.Schema]{ID: tenanttest.ID(t, "acme")})
	if err != nil {
		t.Fatal(err)
	}
	who := sessionOfDocs(cat, tenanthttp.First(), sessions{"good": {acme.ID, "ann"}})
	edge := tenanthttp.Middleware(store, who, tenanthttp.Options{})
	for cookie, want := range map[string]int{"good": 200, "bad": 401, "": 401} {
		r := httptest.NewRequest(http.MethodGet, "/notes", nil)
		if cookie != "" {
			r.AddCookie(&http.Cookie{Name: "session", Value: cookie})
		}
		w := httptest.NewRecorder()
		edge(tenanthttp.Func(store, listNotes)).ServeHTTP(w, r)
		if w.Code != want || (want == 401) != (w.Header().Get("WWW-Authenticate") != "") {
			t.Errorf("cookie %q: %d %s %s", cookie, w.Code, w.Header(), w.Body)
		}
	}
}

// Several requests at once make one tenant, and are all answered.
func TestProvisionOfDocs(t *testing.T) {
	proved := tenanthttp.ResolverFunc(func(r *http.Request) (tenanthttp.Identity, error) {
		return tenanthttp.Identity{Tenant: tenanttest.ID(t, "acme"), Name: "acme", Verified: true, By: "test"}, nil
	})
	for _, foreign := range []bool{false, true} {
		store, cat, manager := openManager(t)
		edge := tenanthttp.Middleware(store, proved, provisionOfDocs(manager))
		if foreign {
			edge = tenanthttp.Middleware(store, tenanthttp.Alias(cat, "org", proved), provisionWithAliasOfDocs(manager))
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				w := httptest.NewRecorder()
				edge(tenanthttp.Func(store, listNotes)).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/notes", nil))
				if w.Code != http.StatusOK {
					t.Errorf("foreign: %v: %d %s", foreign, w.Code, w.Body)
				}
			})
		}
		all.Wait()
		tenants, err := store.Tenants(t.Context())
		if err != nil || len(tenants) != 1 {
			t.Errorf("foreign: %v: there are %v, %v", foreign, tenants, err)
		}
	}
}
