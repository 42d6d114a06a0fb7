package lease

import (
	"context"
	"testing"
)

func openCache(tb testing.TB) (*Cache[string, int], func(context.Context) (int, error)) {
	c := New(Options[string, int]{Limit: 1, Close: func(string, int) error { return nil }})
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Error(err)
		}
	})
	open := func(context.Context) (int, error) { return 1, nil }
	l, err := c.Acquire(tb.Context(), "a", open)
	if err != nil {
		tb.Fatal(err)
	}
	l.Release()
	return c, open
}

func BenchmarkAcquireOpen(b *testing.B) {
	c, open := openCache(b)
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		l, err := c.Acquire(ctx, "a", open)
		if err != nil {
			b.Fatal(err)
		}
		l.Release()
	}
}

func BenchmarkAcquireOpenParallel(b *testing.B) {
	c, open := openCache(b)
	ctx := b.Context()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			l, err := c.Acquire(ctx, "a", open)
			if err != nil {
				b.Error(err)
				return
			}
			l.Release()
		}
	})
}

func TestAcquireOfAnOpenValueAllocatesNothing(t *testing.T) {
	c, open := openCache(t)
	ctx := t.Context()
	allocs := testing.AllocsPerRun(1000, func() {
		l, err := c.Acquire(ctx, "a", open)
		if err != nil {
			t.Error(err)
		}
		l.Release()
	})
	if allocs != 0 {
		t.Errorf("%v allocations, want 0", allocs)
	}
}
