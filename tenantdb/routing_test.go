package tenantdb_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// route is a call's context and handle.
type route struct {
	ctx context.Context
	db  *tenantdb.TenantDB[notes]
}

func (r route) take(tb testing.TB) {
	if err := tenantdb.Route(r.ctx, r.db); err != nil {
		tb.Error(err)
	}
}

// routes returns the contexts and handles of so many tenants, in the order in which calls
// use them: few of them often, and most now and then.
func routes(tb testing.TB, tenants int) []route {
	dir := tenanttest.Dir(tb, tenantdb.Options{MaxOpen: tenants})
	store, err := tenantdb.OpenStore[notes](tb.Context(), dir)
	if err != nil {
		tb.Fatal(err)
	}
	all := make([]route, tenants)
	for i := range all {
		id := tenanttest.ID(tb, fmt.Sprintf("t%d", i))
		if err := store.Create(tb.Context(), id); err != nil {
			tb.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(tb.Context(), time.Hour)
		tb.Cleanup(cancel)
		if ctx, err = tenantdb.WithTenant(ctx, id); err != nil {
			tb.Fatal(err)
		}
		db, err := store.Resolve(ctx)
		if err != nil {
			tb.Fatal(err)
		}
		all[i] = route{ctx, db}
	}
	order := make([]route, 1<<14)
	popularity := rand.NewZipf(rand.New(rand.NewPCG(1, 2)), 1.1, 1, uint64(tenants-1))
	for i := range order {
		order[i] = all[popularity.Uint64()]
	}
	return order
}

func TestRoutingAllocatesNothing(t *testing.T) {
	r := routes(t, 1)[0]
	if n := testing.AllocsPerRun(1000, func() { r.take(t) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func BenchmarkRouting(b *testing.B) {
	for _, tenants := range []int{1, 1000} {
		order := routes(b, tenants)
		b.Run(fmt.Sprintf("tenants=%d", tenants), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				order[i&(1<<14-1)].take(b)
			}
		})
		b.Run(fmt.Sprintf("tenants=%d/parallel", tenants), func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for i := rand.IntN(1 << 14); pb.Next(); i++ {
					order[i&(1<<14-1)].take(b)
				}
			})
		})
	}
}
