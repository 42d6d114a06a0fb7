package catalog_test

import (
	"fmt"
	"testing"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// What the gate adds to Resolve: nothing is to be allocated for it, and some tens of
// nanoseconds are what it may take.
func BenchmarkResolve(b *testing.B) {
	run := func(b *testing.B, k *kit) {
		ctx := tenanttest.Context(b, "acme")
		b.ReportAllocs()
		b.ResetTimer()
		for b.Loop() {
			if _, err := k.store.Resolve(ctx); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("without a catalog", func(b *testing.B) {
		k := newKit(b)
		k.tenant(b, "acme")
		k.dir.SetGate(nil)
		run(b, k)
	})
	b.Run("active", func(b *testing.B) {
		k := newKit(b)
		k.tenant(b, "acme")
		run(b, k)
	})
	b.Run("active of 10000", func(b *testing.B) {
		k := newKit(b)
		k.tenant(b, "acme")
		k.many(b, 10_000)
		run(b, k)
	})
	b.Run("active after each commit of the application", func(b *testing.B) {
		k := newKit(b)
		k.tenant(b, "acme")
		ctx := tenanttest.Context(b, "acme")
		n := 0
		for b.Loop() {
			b.StopTimer()
			if err := signUp(ctx, k, fmt.Sprint("x", n), nil); err != nil {
				b.Fatal(err)
			}
			n++
			b.StartTimer()
			if _, err := k.store.Resolve(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("refused", func(b *testing.B) {
		k := newKit(b)
		k.tenant(b, "acme")
		k.set(b, "acme", catalog.Change{State: catalog.Suspended})
		ctx := tenanttest.Context(b, "acme")
		b.ReportAllocs()
		b.ResetTimer()
		for b.Loop() {
			if _, err := k.store.Resolve(ctx); err == nil {
				b.Fatal("resolved")
			}
		}
	})
}

// BenchmarkList lists 10,000 tenants with their labels.
func BenchmarkList(b *testing.B) {
	k := newKit(b)
	k.many(b, 10_000)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		n := 0
		for _, err := range k.c.List(b.Context(), catalog.Filter{}) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 10_000 {
			b.Fatal(n)
		}
	}
}
