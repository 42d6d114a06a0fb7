package tenanthttp_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// only fails the test unless the database of the context's tenant has that tenant's row alone.
func only(t *testing.T, ctx context.Context, db *tenant.DB) {
	t.Helper()
	id, ok := tenantdb.TenantFrom(ctx)
	modules, err := tenant.New(db).ListModules(ctx, nil)
	if !ok || err != nil || len(modules) != 1 || modules[0].Slug != id.String() {
		t.Errorf("tenant %s, %v: %v, %v", id, ok, modules, err)
	}
}

func TestAGoroutineThatOutlivesItsRequestKeepsItsTenant(t *testing.T) {
	k := newKit(t)
	var outliving sync.WaitGroup
	over := make(chan struct{})
	h := tenanthttp.Middleware(k.store, subdomain(t), tenanthttp.Options{})(tenanthttp.Func(k.store, func(_ http.ResponseWriter, r *http.Request, db *tenant.DB) error {
		ctx, ended := context.WithoutCancel(r.Context()), r.Context()
		outliving.Go(func() {
			<-over
			only(t, ctx, db)
			if again, err := k.store.Resolve(ctx); err != nil {
				t.Error(err)
			} else {
				only(t, ctx, again)
			}
			if _, err := tenant.New(db).ListModules(ended, nil); !errors.Is(err, context.Canceled) {
				t.Errorf("with the request's own context: %v", err)
			}
		})
		return nil
	}))
	s := httptest.NewServer(h)
	defer s.Close()
	for i := range 20 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = []string{"acme", "globex"}[i%2] + ".example.com"
		response, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	s.Close()
	close(over)
	outliving.Wait()
}

func TestAHandleServesNoOtherRequestsContext(t *testing.T) {
	k := newKit(t)
	handles := map[string]*tenant.DB{}
	contexts := map[string]context.Context{}
	h := tenanthttp.Middleware(k.store, subdomain(t), tenanthttp.Options{})(tenanthttp.Func(k.store, func(_ http.ResponseWriter, r *http.Request, db *tenant.DB) error {
		handles[db.Tenant().String()], contexts[db.Tenant().String()] = db, r.Context()
		return nil
	}))
	ask(h, "acme.example.com")
	ask(h, "globex.example.com")
	_, err := tenant.New(handles["acme"]).ListModules(contexts["globex"], nil)
	if !errors.Is(err, tenantdb.ErrTenantMismatch) {
		t.Errorf("acme's handle in globex's context: %v", err)
	}
	if _, err := tenantdb.WithTenant(contexts["globex"], tenanttest.ID(t, "acme")); !errors.Is(err, tenantdb.ErrTenantRebound) {
		t.Errorf("globex's context for acme: %v", err)
	}
	if _, err := tenant.New(handles["acme"]).ListModules(t.Context(), nil); !errors.Is(err, tenantdb.ErrNoTenant) {
		t.Errorf("acme's handle in no tenant's context: %v", err)
	}
	err = tenant.Write(contexts["acme"], handles["acme"], func(ctx context.Context, _ *tenant.Queries) error {
		_, err := k.store.Resolve(ctx)
		return err
	})
	if !errors.Is(err, tenantdb.ErrNested) {
		t.Errorf("a handle within the tenant's own transaction: %v", err)
	}
}

// TestRequestsThatAreMixedUpNeverMeetAnothersRows has requests of two tenants at once, whose
// handlers swap, keep and retry what they have got, and whose tenants are suspended and evicted
// meanwhile: each call either sees its own tenant's row or is an error.
func TestRequestsThatAreMixedUpNeverMeetAnothersRows(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{MaxOpen: 2, Wait: time.Minute})
	store := must[*tenant.Store](t)(tenant.Open(t.Context(), dir))
	patient := tenanthttp.Options{Wait: time.Minute}
	names := []string{"acme", "globex", "initech", "hooli"}
	k := &kit{dir: dir, store: store}
	for _, name := range names {
		k.file(t, name)
	}
	type held struct {
		db  *tenant.DB
		ctx context.Context
	}
	pool := make(chan held, 16)
	for range cap(pool) {
		pool <- held{}
	}
	h := tenanthttp.Middleware(store, subdomain(t), patient)(tenanthttp.Func(store, func(w http.ResponseWriter, r *http.Request, db *tenant.DB) error {
		other := <-pool
		pool <- held{db, context.WithoutCancel(r.Context())}
		only(t, r.Context(), db)
		if other.db == nil {
			return nil
		}
		only(t, other.ctx, other.db) // of a request that may be over
		modules, err := tenant.New(other.db).ListModules(r.Context(), nil)
		switch {
		case other.db.Tenant() == db.Tenant():
			only(t, r.Context(), other.db)
		case !errors.Is(err, tenantdb.ErrTenantMismatch) || modules != nil:
			t.Errorf("%s's handle in %s's context: %v, %v", other.db.Tenant(), db.Tenant(), modules, err)
		}
		nested := httptest.NewRequest(http.MethodGet, "/", nil).WithContext(r.Context())
		nested.Host = other.db.Tenant().String() + ".example.com"
		inner := httptest.NewRecorder()
		tenanthttp.Middleware(store, subdomain(t), patient)(tenanthttp.Func(store, answerWhose)).ServeHTTP(inner, nested)
		want := fmt.Sprintf("%[1]s %[1]s %[1]s /", db.Tenant())
		if same := other.db.Tenant() == db.Tenant(); same && inner.Body.String() != want || !same && inner.Code != 404 {
			t.Errorf("a nested request: %d %s", inner.Code, inner.Body)
		}
		return nil
	}))
	var all sync.WaitGroup
	for worker := range 8 {
		random := rand.New(rand.NewPCG(1, uint64(worker)))
		all.Go(func() {
			for range 50 {
				if got := ask(h, names[random.IntN(len(names))]+".example.com"); got.Code != 200 {
					t.Errorf("%d %s", got.Code, got.Body)
				}
			}
		})
	}
	all.Wait()
}
