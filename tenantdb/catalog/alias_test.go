package catalog_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestTheTenantOfAnAliasIsRememberedUntilItChanges(t *testing.T) {
	k := newKit(t)
	k.tenant(t, "acme")
	k.tenant(t, "globex")
	acme, globex := tenanttest.ID(t, "acme"), tenanttest.ID(t, "globex")
	want := func(when string, want tenantdb.ID, wantErr error) {
		t.Helper()
		for range 2 { // read, and remembered
			id, err := k.c.LookupAlias(t.Context(), "domain", "shop.example")
			if id != want || !errors.Is(err, wantErr) {
				t.Errorf("%s: %v, %v", when, id, err)
			}
		}
	}
	none := tenantdb.ID{}
	want("at first", none, catalog.ErrUnknownAlias)
	steps := []struct {
		name string
		do   func() error
		want tenantdb.ID
		err  error
	}{
		{"added", func() error { return k.c.AddAlias(t.Context(), acme, "domain", "shop.example") }, acme, nil},
		{"moved", func() error { return k.c.MoveAlias(t.Context(), "domain", "shop.example", acme, globex) }, globex, nil},
		{"another one added", func() error { return k.c.AddAlias(t.Context(), acme, "domain", "acme.example") }, globex, nil},
		{"something else written", func() error {
			_, err := global.New(k.global).CreateUser(t.Context(), global.CreateUserParams{ID: "u1", Email: "ann@example.com"})
			return err
		}, globex, nil},
		{"removed", func() error { return k.c.RemoveAlias(t.Context(), "domain", "shop.example") }, none, catalog.ErrUnknownAlias},
		{"added again", func() error { return k.c.AddAlias(t.Context(), acme, "domain", "shop.example") }, acme, nil},
		{"forgotten with its tenant", func() error {
			tenant, err := k.c.Get(t.Context(), acme)
			return errors.Join(err, k.c.Forget(t.Context(), acme, tenant.Generation))
		}, none, tenantdb.ErrUnknownTenant},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		want(step.name, step.want, step.err)
	}
}

func TestAnotherDirsChangeOfAnAliasIsSeenAtOnce(t *testing.T) {
	folder := t.TempDir()
	// Two Dirs of one process know of one another no more than two processes do.
	here, err := kitOf(t.Context(), openDir(t, tenantdb.Options{Path: folder}))
	if err != nil {
		t.Fatal(err)
	}
	there, err := kitOf(t.Context(), openDir(t, tenantdb.Options{Path: folder}))
	if err != nil {
		t.Fatal(err)
	}
	here.tenant(t, "acme")
	acme := tenanttest.ID(t, "acme")
	for i := range 20 {
		value := fmt.Sprintf("n%d.example", i)
		if _, err := here.c.LookupAlias(t.Context(), "domain", value); !errors.Is(err, catalog.ErrUnknownAlias) {
			t.Fatal(err)
		}
		if err := there.c.AddAlias(t.Context(), acme, "domain", value); err != nil {
			t.Fatal(err)
		}
		if id, err := here.c.LookupAlias(t.Context(), "domain", value); id != acme || err != nil {
			t.Fatalf("%v, %v", id, err)
		}
	}
}

func TestTheTenantOfALongAliasIsFound(t *testing.T) {
	k := newKit(t)
	k.tenant(t, "acme")
	acme, long := tenanttest.ID(t, "acme"), strings.Repeat("a", 1000)
	if _, err := k.c.LookupAlias(t.Context(), "domain", long); !errors.Is(err, catalog.ErrUnknownAlias) {
		t.Error(err)
	}
	if err := k.c.AddAlias(t.Context(), acme, "domain", long); err != nil {
		t.Fatal(err)
	}
	if id, err := k.c.LookupAlias(t.Context(), "domain", long); id != acme || err != nil {
		t.Errorf("%v, %v", id, err)
	}
	if _, err := new(catalog.Catalog).LookupAlias(t.Context(), "domain", "a"); !errors.Is(err, tenantdb.ErrNoHandle) {
		t.Errorf("of a zero catalog: %v", err)
	}
}
