package tenanthttp_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// Programs show keys, and the service knows by them whose requests they are.
func ExampleAPIKey() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: folder})
	if err != nil {
		log.Fatal(err)
	}
	defer dir.Close()
	cat, err := catalog.Open(ctx, dir)
	if err != nil {
		log.Fatal(err)
	}
	store, err := tenant.Open(ctx, dir)
	if err != nil {
		log.Fatal(err)
	}
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := cat.Register(ctx, catalog.Registration{ID: id}); err != nil {
		log.Fatal(err)
	}
	if err := store.Create(ctx, id); err != nil {
		log.Fatal(err)
	}
	issued, err := cat.CreateKey(ctx, catalog.KeyRequest{Tenant: id, Label: "billing"})
	if err != nil {
		log.Fatal(err)
	}

	edge := tenanthttp.Middleware(store, tenanthttp.APIKey(cat), tenanthttp.Options{})
	service := edge(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, _ := tenantdb.TenantFrom(r.Context())
		_, _ = io.WriteString(w, "hello, "+id.String())
	}))
	for _, key := range []string{issued.Secret.Reveal(), "silo_guess"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+key)
		w := httptest.NewRecorder()
		service.ServeHTTP(w, r)
		fmt.Println(w.Code, w.Header().Get("Content-Type"))
	}
	// Output:
	// 200 text/plain; charset=utf-8
	// 401 application/problem+json
}

// Where Authorization is for people's tokens, keys have a header of their own.
func ExampleAPIKeyHeader() {
	var cat *catalog.Catalog // from catalog.Open
	keys, err := tenanthttp.APIKeyHeader(cat, "X-API-Key")
	if err != nil {
		log.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	_, err = keys.ResolveTenant(r)
	fmt.Println(err)
	// Output: the request names no tenant
}
