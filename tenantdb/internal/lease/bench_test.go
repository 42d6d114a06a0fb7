package lease

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
)

// benchCache returns a cache in which the keys "0", "1" and so on are open.
func benchCache(tb testing.TB, keys int) (*Cache[string, int], []string, func(context.Context) (int, error)) {
	c := New(Options[string, int]{Limit: keys, Close: func(string, int) error { return nil }})
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Error(err)
		}
	})
	open := func(context.Context) (int, error) { return 1, nil }
	var names []string
	for i := range keys {
		names = append(names, strconv.Itoa(i))
		l, err := c.Acquire(tb.Context(), names[i], open)
		if err != nil {
			tb.Fatal(err)
		}
		l.Release()
	}
	return c, names, open
}

// popularity returns which of so many keys are used, one after the other: few of them
// often, and most now and then.
func popularity(keys int) []int {
	zipf := rand.NewZipf(rand.New(rand.NewPCG(1, 2)), 1.1, 1, uint64(keys-1))
	order := make([]int, 1<<14)
	for i := range order {
		order[i] = int(zipf.Uint64())
	}
	return order
}

func BenchmarkAcquire(b *testing.B) {
	for _, keys := range []int{1, 1000} {
		c, names, open := benchCache(b, keys)
		order := make([]int, 1<<14)
		if keys > 1 {
			order = popularity(keys)
		}
		ctx := b.Context()
		use := func(i int) {
			l, err := c.Acquire(ctx, names[order[i&(1<<14-1)]], open)
			if err != nil {
				b.Error(err)
			}
			l.Release()
		}
		b.Run("keys="+strconv.Itoa(keys), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				use(i)
			}
		})
		b.Run("keys="+strconv.Itoa(keys)+"/parallel", func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for i := rand.IntN(1 << 14); pb.Next(); i++ {
					use(i)
				}
			})
		})
	}
}

func TestAcquireOfAnOpenValueAllocatesNothing(t *testing.T) {
	c, names, open := benchCache(t, 1)
	ctx := t.Context()
	allocs := testing.AllocsPerRun(1000, func() {
		l, err := c.Acquire(ctx, names[0], open)
		if err != nil {
			t.Error(err)
		}
		l.Release()
	})
	if allocs != 0 {
		t.Errorf("%v allocations, want 0", allocs)
	}
}

func BenchmarkRef(b *testing.B) {
	for _, keys := range []int{1, 1000} {
		c, names, open := benchCache(b, keys)
		order := make([]int, 1<<14)
		if keys > 1 {
			order = popularity(keys)
		}
		refs := make([]Ref[string, int], keys)
		for i := range refs {
			l, err := c.Acquire(b.Context(), names[i], open)
			if err != nil {
				b.Fatal(err)
			}
			refs[i].Keep(l)
			l.Release()
		}
		use := func(i int) {
			l, ok := refs[order[i&(1<<14-1)]].Lease()
			if !ok {
				b.Error("no lease")
			}
			l.Release()
		}
		b.Run("keys="+strconv.Itoa(keys), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				use(i)
			}
		})
		b.Run("keys="+strconv.Itoa(keys)+"/parallel", func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for i := rand.IntN(1 << 14); pb.Next(); i++ {
					use(i)
				}
			})
		})
	}
}
