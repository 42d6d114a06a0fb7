package routers

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// routers are the ways to build the service.
var routers = map[string]func(*tenant.Store, tenanthttp.Resolver, tenanthttp.Options) http.Handler{"mux": Mux, "chi": Chi, "echo": Echo, "echo within": EchoWithin}

// service is a folder with the tenants acme and globex, each with a module that has its name, and
// a resolver by path or host.
func service(t *testing.T) (*tenant.Store, tenanthttp.Resolver) {
	t.Helper()
	kit := tenanttest.New(t, tenant.Open)
	acme, globex := kit.Two()
	for _, of := range []tenanttest.Tenant[tenant.Schema]{acme, globex} {
		name := of.ID.String()
		if _, err := tenant.New(of.DB).CreateModule(of.Context, tenant.CreateModuleParams{ID: name, Slug: name, Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	host, err := tenanthttp.Subdomain("example.com")
	if err != nil {
		t.Fatal(err)
	}
	path, err := tenanthttp.PathPrefix("/t/")
	if err != nil {
		t.Fatal(err)
	}
	return kit.Store, tenanthttp.First(path, host)
}

func TestEachRouterServesTheTenantOfTheRequestAndNoOther(t *testing.T) {
	store, resolver := service(t)
	for name, router := range routers {
		server := httptest.NewServer(router(store, resolver, tenanthttp.Options{}))
		t.Cleanup(server.Close)
		tests := []struct {
			host, path string
			status     int
			has, lacks string
		}{
			{"acme.example.com", "/modules", 200, `"Slug":"acme"`, "globex"},
			{"globex.example.com", "/modules", 200, `"Slug":"globex"`, "acme"},
			{"acme.example.com", "/modules/acme", 200, `"Slug":"acme"`, "globex"},
			{"acme.example.com", "/modules/globex", 404, "Not Found", "globex"},
			{"example.com", "/t/acme/modules", 200, `"Slug":"acme"`, "globex"},
			{"example.com", "/t/acme/modules/acme", 200, `"Slug":"acme"`, "globex"},
			{"globex.example.com", "/t/acme/modules", 200, `"Slug":"acme"`, "globex"},
			{"example.com", "/t/acme/%2e%2e/globex/modules", 400, "malformed", "globex"},
			{"example.com", "/modules", 400, "no-tenant", "acme"},
			{"ghost.example.com", "/modules", 404, "unknown-tenant", "ghost"},
			{"example.com", "/healthz", 200, "ok", "tenant"},
			{"acme.example.com", "/nowhere", 404, "", "modules"},
		}
		for _, test := range tests {
			if name == "echo within" && strings.HasPrefix(test.path, "/t/") {
				continue // see its comment
			}
			t.Run(name+" "+test.host+test.path, func(t *testing.T) {
				status, body := fetch(t, server, test.host, test.path)
				if status != test.status || !strings.Contains(body, test.has) || strings.Contains(body, test.lacks) {
					t.Errorf("%d %s", status, body)
				}
			})
		}
	}
}

func fetch(t *testing.T, server *httptest.Server, host, path string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// visit asks a service that has no store for what is nobody's, and prints the answer. In a
// service, store and resolver are made in the main function.
func visit(router func(*tenant.Store, tenanthttp.Resolver, tenanthttp.Options) http.Handler) {
	var store *tenant.Store
	handler := router(store, tenanthttp.ResolverFunc(nil), tenanthttp.Options{})
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/healthz", nil))
	fmt.Println(w.Code, w.Body)
}

func ExampleMux() {
	visit(Mux)
	// Output: 200 ok
}

func ExampleChi() {
	visit(Chi)
	// Output: 200 ok
}

func ExampleEcho() {
	visit(Echo)
	// Output: 200 ok
}

func ExampleEchoWithin() {
	visit(EchoWithin)
	// Output: 200 ok
}
