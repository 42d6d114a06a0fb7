package lease

import (
	"context"
	"testing"
)

func TestAValueThatOnlyPassersByAskedForIsClosedWhenItIsDiscardedAsUnwanted(t *testing.T) {
	tests := []struct {
		name   string
		use    func(t *testing.T, c *cacheOfTest)
		closed bool
	}{
		{"one passer-by", func(t *testing.T, c *cacheOfTest) { c.once(t); c.DiscardUnwanted("a") }, true},
		{"one that comes twice", func(t *testing.T, c *cacheOfTest) { c.once(t); c.once(t); c.DiscardUnwanted("a") }, true},
		{"somebody who stays came before", func(t *testing.T, c *cacheOfTest) { c.stay(t); c.once(t); c.DiscardUnwanted("a") }, false},
		{"somebody who stays came after", func(t *testing.T, c *cacheOfTest) { c.once(t); c.stay(t); c.DiscardUnwanted("a") }, false},
		{"somebody who stays came while it was open", func(t *testing.T, c *cacheOfTest) {
			c.once(t)
			c.ifOpen(t, c.LeaseToStay)
			c.DiscardUnwanted("a")
		}, false},
		{"a passer-by came while it was open", func(t *testing.T, c *cacheOfTest) {
			c.once(t)
			c.ifOpen(t, c.Lease)
			c.DiscardUnwanted("a")
		}, true},
		{"it was closed and opened again for one who stays", func(t *testing.T, c *cacheOfTest) {
			c.once(t)
			c.DiscardUnwanted("a")
			c.stay(t)
			c.DiscardUnwanted("a")
		}, false},
		{"it was closed and opened again for a passer-by", func(t *testing.T, c *cacheOfTest) {
			c.stay(t)
			c.Discard("a")
			c.once(t)
			c.DiscardUnwanted("a")
		}, true},
		{"it is leased, and given back later", func(t *testing.T, c *cacheOfTest) {
			held, err := c.AcquireOnce(t.Context(), "a", openOne)
			if err != nil {
				t.Fatal(err)
			}
			c.DiscardUnwanted("a")
			if c.Stat().Open != 1 {
				t.Error("it was closed while it was leased")
			}
			held.Release()
		}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := &cacheOfTest{New(Options[string, int]{Limit: 2, IdleAfter: -1, Close: func(string, int) error { return nil }})}
			defer c.Close()
			test.use(t, c)
			if got := c.Stat().Open == 0; got != test.closed {
				t.Errorf("closed: %v, want %v", got, test.closed)
			}
		})
	}
}

type cacheOfTest struct{ *Cache[string, int] }

func openOne(context.Context) (int, error) { return 1, nil }

func (c *cacheOfTest) once(t *testing.T) {
	t.Helper()
	held, err := c.AcquireOnce(t.Context(), "a", openOne)
	if err != nil {
		t.Fatal(err)
	}
	held.Release()
}

func (c *cacheOfTest) ifOpen(t *testing.T, lease func(string) (Lease[string, int], bool)) {
	t.Helper()
	held, open := lease("a")
	if !open {
		t.Fatal("it is not open")
	}
	held.Release()
}

func (c *cacheOfTest) stay(t *testing.T) {
	t.Helper()
	held, err := c.Acquire(t.Context(), "a", openOne)
	if err != nil {
		t.Fatal(err)
	}
	held.Release()
}
