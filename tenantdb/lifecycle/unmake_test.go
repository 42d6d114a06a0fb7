package lifecycle_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// A process dies before each step of a sign-up, in which the tenant is being created. Whoever signs up
// next need not know of it.
func TestACreationThatHasDiedIsInNobodysWay(t *testing.T) {
	withoutRaceDetector(t)
	aliases := []lifecycle.Alias{{Kind: "domain", Value: "acme.example"}}
	beta := tenanttest.ID(t, "beta")
	for name, test := range map[string]struct {
		next creation
		made tenantdb.ID
	}{
		"of the same ID":        {creation{ID: acme}, acme},
		"with the same key":     {creation{ID: beta, Key: "order 1"}, acme},
		"with the same alias":   {creation{ID: beta, Aliases: aliases}, beta},
		"with another key, too": {creation{ID: beta, Aliases: aliases, Key: "order 2"}, beta},
	} {
		for _, step := range []string{"make the file", "seed", "activate"} {
			t.Run(name+" before "+step, func(t *testing.T) {
				folder := t.TempDir()
				prepareFolder(t, folder, crash{prepare: nothing})
				if d := dieAt(t, folder, "sign up", step); d.step != step {
					t.Fatalf("it died before %q", d.step)
				}
				w := worldIn(t, folder, lifecycle.Options{})
				w.wantState(t, acme, catalog.Creating)
				test.next.Seed = seed("next")
				made, err := w.m.Create(t.Context(), test.next)
				if err != nil || made.ID != test.made {
					t.Fatalf("%v, %v; want %v", made.ID, err, test.made)
				}
				w.wantValue(t, test.made, "made", "next")
				if test.made != acme {
					if err := is(acme, "")(t.Context(), w); err != nil {
						t.Error(err)
					}
				}
				removeYoung(t, folder)
				w.wantHealthy(t)
			})
		}
	}
}

func TestACreationThatIsUnderWayKeepsItsAliases(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	aliases := []lifecycle.Alias{{Kind: "domain", Value: "acme.example"}}
	_, err := w.m.Create(t.Context(), creation{ID: acme, Aliases: aliases, Seed: func(context.Context, *tenant.DB) error {
		_, err := w.m.Create(context.Background(), creation{ID: tenanttest.ID(t, "beta"), Aliases: aliases})
		wantErr(t, err, catalog.ErrAliasTaken)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if of, err := w.cat.LookupAlias(t.Context(), "domain", "acme.example"); err != nil || of != acme {
		t.Errorf("it is of %v, %v", of, err)
	}
	w.wantHealthy(t)
}

func TestACreationThatPanicsLeavesNothing(t *testing.T) {
	for what, end := range map[string]func(){"panic": func() { panic("on purpose") }, "Goexit": runtime.Goexit} {
		for where, change := range map[string]func(*creation, world){
			"seed": func(c *creation, _ world) {
				c.Seed = func(context.Context, *tenant.DB) error { end(); return nil }
			},
			"sign-up": func(c *creation, w world) {
				c.SignUp = lifecycle.Together(w.global, func(context.Context, *global.Tx, catalog.Tenant) error { end(); return nil })
			},
		} {
			t.Run(where+" "+what, func(t *testing.T) {
				w := newWorld(t, lifecycle.Options{})
				c := creation{ID: tenanttest.ID(t, "acme"), Aliases: []lifecycle.Alias{{Kind: "domain", Value: "acme.example"}}}
				change(&c, w)
				done := make(chan struct{})
				go func() {
					defer close(done)
					defer func() { _ = recover() }()
					_, _ = w.m.Create(context.Background(), c)
				}()
				<-done
				_, err := w.cat.Get(t.Context(), c.ID)
				wantErr(t, err, catalog.ErrNotRegistered)
				w.wantHealthy(t)
				// The name is free for another.
				if _, err := w.m.Create(t.Context(), creation{ID: tenanttest.ID(t, "beta"), Aliases: c.Aliases}); err != nil {
					t.Error(err)
				}
			})
		}
	}
}
