package lifecycle_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

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
