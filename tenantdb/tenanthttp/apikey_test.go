package tenanthttp_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// whose answers with the tenant of the request.
var whose = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	id, _ := tenantdb.TenantFrom(r.Context())
	_, _ = io.WriteString(w, id.String())
})

func shows(text string) http.Header { return http.Header{"Authorization": {"Bearer " + text}} }

func TestARequestIsOfTheTenantWhoseKeyItShows(t *testing.T) {
	k := newKit(t)
	acme, globex := k.key(t, "acme"), k.key(t, "globex")
	inHeader, err := tenanthttp.APIKeyHeader(k.catalog, "x-api-key")
	if err != nil {
		t.Fatal(err)
	}
	revoked := k.key(t, "acme")
	k.revoke(t, revoked.ID)
	text := acme.Secret.Reveal()
	tests := []struct {
		name     string
		resolver tenanthttp.Resolver
		header   http.Header
		want     string // a tenant
		err      error
	}{
		{"a bearer token", tenanthttp.APIKey(k.catalog), shows(text), "acme", nil},
		{"another one's", tenanthttp.APIKey(k.catalog), shows(globex.Secret.Reveal()), "globex", nil},
		{"a scheme in small letters", tenanthttp.APIKey(k.catalog), http.Header{"Authorization": {"bearer " + text}}, "acme", nil},
		{"no header", tenanthttp.APIKey(k.catalog), nil, "", tenanthttp.ErrUnnamed},
		{"another scheme", tenanthttp.APIKey(k.catalog), http.Header{"Authorization": {"Basic " + text}}, "", tenanthttp.ErrUnnamed},
		{"another token", tenanthttp.APIKey(k.catalog), shows("eyJhbGciOiJub25lIn0.e30."), "", tenanthttp.ErrUnnamed},
		{"a key in capitals", tenanthttp.APIKey(k.catalog), shows(strings.ToUpper(text)), "", tenanthttp.ErrUnnamed},
		{"two headers", tenanthttp.APIKey(k.catalog), http.Header{"Authorization": {"Bearer " + text, "Bearer " + text}}, "", tenanthttp.ErrMalformed},
		{"no token", tenanthttp.APIKey(k.catalog), http.Header{"Authorization": {"Bearer "}}, "", tenanthttp.ErrMalformed},
		{"two keys in one header", tenanthttp.APIKey(k.catalog), shows(text + ", " + text), "", tenanthttp.ErrUnauthenticated},
		{"a key and more", tenanthttp.APIKey(k.catalog), shows(text + "a"), "", tenanthttp.ErrUnauthenticated},
		{"less than a key", tenanthttp.APIKey(k.catalog), shows("silo_"), "", tenanthttp.ErrUnauthenticated},
		{"a megabyte", tenanthttp.APIKey(k.catalog), shows("silo_" + strings.Repeat("a", 1<<20)), "", tenanthttp.ErrUnauthenticated},
		{"a revoked key", tenanthttp.APIKey(k.catalog), shows(revoked.Secret.Reveal()), "", tenanthttp.ErrUnauthenticated},
		{"a header of its own", inHeader, http.Header{"X-Api-Key": {text}}, "acme", nil},
		{"a header of its own that is not there", inHeader, shows(text), "", tenanthttp.ErrUnnamed},
		{"a header of its own with something else", inHeader, http.Header{"X-Api-Key": {"sesame"}}, "", tenanthttp.ErrUnauthenticated},
		{"a header of its own with a scheme", inHeader, http.Header{"X-Api-Key": {"Bearer " + text}}, "", tenanthttp.ErrUnauthenticated},
		{"a header of its own, twice", inHeader, http.Header{"X-Api-Key": {text, text}}, "", tenanthttp.ErrMalformed},
		{"a header of its own, empty", inHeader, http.Header{"X-Api-Key": {""}}, "", tenanthttp.ErrMalformed},
		{"nobody who knows keys", tenanthttp.APIKey(nil), shows(text), "", nil},
	}
	for _, tt := range tests {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header = tt.header
		who, err := tt.resolver.ResolveTenant(r)
		if tt.want == "" {
			if err == nil || !errors.Is(err, tt.err) && tt.err != nil || who != (tenanthttp.Identity{}) {
				t.Errorf("%s: %+v, %v, want %v", tt.name, who, err, tt.err)
			}
			continue
		}
		if err != nil || who.Tenant.String() != tt.want || !who.Verified || who.By != "api key" || len(who.Subject) != 16 {
			t.Errorf("%s: %+v, %v", tt.name, who, err)
		}
	}
	for _, name := range []string{"", "X Y", "Authorization", "authorization"} {
		if _, err := tenanthttp.APIKeyHeader(k.catalog, name); err == nil {
			t.Errorf("the header %q is taken", name)
		}
	}
}

func TestAKeyIsOfNoUseWhereAnotherTenantIsNamed(t *testing.T) {
	k := newKit(t)
	hosts, err := tenanthttp.Subdomain("example.com")
	if err != nil {
		t.Fatal(err)
	}
	key := k.key(t, "acme")
	edge := tenanthttp.Middleware(k.store, tenanthttp.Agree(hosts, tenanthttp.APIKey(k.catalog)), tenanthttp.Options{Audit: k.catalog})(whose)
	for host, want := range map[string]int{"acme.example.com": http.StatusOK, "globex.example.com": http.StatusNotFound, "nobody.example.com": http.StatusNotFound} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+"/", nil)
		r.Header = shows(key.Secret.Reveal())
		w := httptest.NewRecorder()
		edge.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("acme's key on %s: %d %s", host, w.Code, w.Body)
		}
	}
	refused := map[string]bool{}
	for e, err := range k.catalog.Entries(t.Context(), key.Tenant) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Operation == tenanthttp.OperationRefuse {
			refused[e.Actor+" "+e.Result] = true
		}
	}
	if !refused[key.ID+" forbidden"] {
		t.Errorf("recorded is %v, want that key %s was refused", refused, key.ID)
	}
}

func TestADatabaseThatFailsLetsNobodyIn(t *testing.T) {
	k := newKit(t)
	key := k.key(t, "acme")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	r.Header = shows(key.Secret.Reveal())
	if who, err := tenanthttp.APIKey(k.catalog).ResolveTenant(r); !errors.Is(err, tenanthttp.ErrUnavailable) || who.Verified {
		t.Errorf("%+v, %v", who, err)
	}
}

// Keys are exchanged and revoked while requests come: none that shows a good key is refused,
// and the first that shows a revoked one is.
func TestKeysAreRotatedWhileRequestsCome(t *testing.T) {
	k := newKit(t)
	edge := tenanthttp.Middleware(k.store, tenanthttp.APIKey(k.catalog), tenanthttp.Options{})(tenanthttp.Func(k.store, func(w http.ResponseWriter, r *http.Request, db *tenant.DB) error {
		_, err := tenant.New(db).ListModules(r.Context(), nil)
		return err
	}))
	status := func(text string) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header = shows(text)
		w := httptest.NewRecorder()
		edge.ServeHTTP(w, r)
		return w.Code
	}
	const clients, rotations = 4, 20
	key := k.key(t, "acme")
	var use sync.RWMutex // guards key, from when a client looks which one is good until it is answered
	done := make(chan struct{})
	var load sync.WaitGroup
	for range clients {
		load.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				use.RLock()
				code := status(key.Secret.Reveal())
				use.RUnlock()
				if code != http.StatusOK {
					t.Errorf("a good key: %d", code)
				}
			}
		})
	}
	for range rotations {
		old := key // nobody else writes it
		fresh, err := k.catalog.RotateKey(t.Context(), old.ID, catalog.Rotation{})
		if err != nil {
			t.Fatal(err)
		}
		use.Lock() // the requests with the old key have been answered
		key = fresh
		use.Unlock()
		if code := status(old.Secret.Reveal()); code != http.StatusOK {
			t.Errorf("the old key in the overlap: %d", code)
		}
		k.revoke(t, old.ID)
		if code := status(old.Secret.Reveal()); code != http.StatusUnauthorized {
			t.Errorf("the old key, revoked: %d", code)
		}
	}
	close(done)
	load.Wait()
}

func TestResolvingARememberedKeyAllocatesNothing(t *testing.T) {
	k := newKit(t)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Header = shows(k.key(t, "acme").Secret.Reveal())
	resolver := tenanthttp.APIKey(k.catalog)
	n := testing.AllocsPerRun(allocRuns, func() {
		if _, err := resolver.ResolveTenant(r); err != nil {
			t.Error(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
