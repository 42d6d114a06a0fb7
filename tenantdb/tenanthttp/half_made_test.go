package tenanthttp_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanthttp"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// The kit's tenant half is being created, and nobody has its lock: as a process leaves it that dies.
func TestATenantWhoseMakerHasDiedIsMadeByTheNextRequestOfTheVerified(t *testing.T) {
	for name, foreign := range map[string]bool{"by its ID": false, "by a foreign name": true} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			manager := must[*lifecycle.Manager[tenant.Schema]](t)(lifecycle.New(k.store, k.catalog, lifecycle.Options{}))
			id, called := tenanttest.ID(t, "half"), "half"
			if foreign {
				id, called = tenanttest.ID(t, "org-7"), "org_7"
				if err := k.catalog.AddAlias(t.Context(), tenanttest.ID(t, "half"), "org", called); err != nil {
					t.Fatal(err)
				}
			}
			own := tenanthttp.ResolverFunc(func(r *http.Request) (tenanthttp.Identity, error) {
				who, err := says(called, r.Header.Get("Authorization") != "", nil).ResolveTenant(r)
				return who, err
			})
			by := tenanthttp.Resolver(own)
			if foreign {
				by = tenanthttp.Alias(k.catalog, "org", own)
			}
			h := tenanthttp.Middleware(k.store, by, tenanthttp.Options{Provision: func(ctx context.Context, who tenanthttp.Identity) error {
				c := lifecycle.Creation[tenant.Schema]{ID: id, Key: "first " + called}
				if foreign {
					c.Aliases = []lifecycle.Alias{{Kind: "org", Value: who.Name}}
				}
				_, err := manager.Create(ctx, c)
				return err
			}})(tenanthttp.Func(k.store, answerWhose))
			if got := ask(h, "x"); got.Code != 404 {
				t.Errorf("not verified: %d %s", got.Code, got.Body)
			}
			want := id.String() + " " + id.String() + " /" // without the row that was in the file
			for range 2 {
				if got := ask(h, "x", bearer("x")); got.Code != 200 || got.Body.String() != want {
					t.Errorf("%d %s, want %s", got.Code, got.Body, want)
				}
			}
		})
	}
}

// Another process is making the tenant, in which this one has no part.
func TestATenantThatIsMadeElsewhereIsWaitedForByOneRequestAndForAWhileByOthers(t *testing.T) {
	k := newKit(t)
	manager := must[*lifecycle.Manager[tenant.Schema]](t)(lifecycle.New(k.store, k.catalog, lifecycle.Options{}))
	there := must[*tenantdb.Dir](t)(tenantdb.Open(t.Context(), tenantdb.Options{Path: k.dir.Path()}))
	defer there.Close()
	elsewhere := must[*lifecycle.Manager[tenant.Schema]](t)(lifecycle.New(
		must[*tenant.Store](t)(tenant.Open(t.Context(), there)), must[*catalog.Catalog](t)(catalog.Open(t.Context(), there)), lifecycle.Options{}))
	id := tenanttest.ID(t, "newone")
	seeding, seed := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_, err := elsewhere.Create(t.Context(), lifecycle.Creation[tenant.Schema]{ID: id, Seed: func(ctx context.Context, db *tenant.DB) error {
			close(seeding)
			<-seed
			_, err := tenant.New(db).CreateModule(ctx, tenant.CreateModuleParams{ID: "x", Slug: "seeded", Name: "x"})
			return err
		}})
		if err != nil {
			t.Error(err)
		}
	})
	<-seeding
	asked := make(chan struct{})
	begin := sync.OnceFunc(func() { close(asked) })
	h := tenanthttp.Middleware(k.store, says("newone", true, nil), tenanthttp.Options{Wait: 1, Provision: func(ctx context.Context, _ tenanthttp.Identity) error {
		begin()
		_, err := manager.Create(ctx, lifecycle.Creation[tenant.Schema]{ID: id})
		return err
	}})(tenanthttp.Func(k.store, answerWhose))
	all.Go(func() {
		// Its file may take longer to be opened than the option says.
		if got := ask(h, "x"); got.Code != 200 && got.Code != 503 {
			t.Errorf("the first: %d %s", got.Code, got.Body)
		}
	})
	<-asked
	if got := ask(h, "x"); got.Code != 503 || got.Header().Get("Retry-After") != "5" {
		t.Errorf("another: %d %v %s", got.Code, got.Header(), got.Body)
	}
	close(seed)
	all.Wait()
	patient := tenanthttp.Middleware(k.store, says("newone", true, nil), tenanthttp.Options{})(tenanthttp.Func(k.store, answerWhose))
	if got := ask(patient, "x"); got.Code != 200 || got.Body.String() != "newone newone seeded /" {
		t.Errorf("afterwards: %d %s", got.Code, got.Body)
	}
}
