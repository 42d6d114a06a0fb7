package catalog

import (
	"testing"

	"github.com/silokit/silo/tenantdb"
)

// BenchmarkAdmit is what each Resolve pays for the states.
func BenchmarkAdmit(b *testing.B) {
	dir, err := tenantdb.Open(b.Context(), tenantdb.Options{Path: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = dir.Close() }() // nothing here is about its end
	c, err := Open(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := c.Register(b.Context(), Registration{ID: id}); err != nil {
		b.Fatal(err)
	}
	g := newGate(c.db)
	b.Run("remembered", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := g.Admit(b.Context(), id); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("remembered, in parallel", func(b *testing.B) {
		ctx := b.Context()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := g.Admit(ctx, id); err != nil {
					b.Error(err)
				}
			}
		})
	})
	b.Run("after a commit", func(b *testing.B) {
		for b.Loop() {
			s := *g.states.known.Load()
			s.version = tenantdb.Version{}
			g.states.known.Store(&s)
			if _, err := g.Admit(b.Context(), id); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestAdmittingAKnownTenantAllocatesNothing(t *testing.T) {
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dir.Close() }() // nothing here is about its end
	c, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	g, ctx := newGate(c.db), t.Context()
	for name, state := range map[string]State{"active": Active, "closed": Suspended, "unknown": ""} {
		id, err := tenantdb.ParseID(name)
		if err != nil {
			t.Fatal(err)
		}
		if state != "" {
			if _, err := c.Register(ctx, Registration{ID: id, State: state}); err != nil {
				t.Fatal(err)
			}
		}
		if n := testing.AllocsPerRun(100, func() { _, _ = g.Admit(ctx, id) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
