package lease

import (
	"context"
	"testing"
)

// keep opens the key's value and returns a Ref to it.
func keep(c *Cache[string, *thing], s *shop, key string) *Ref[string, *thing] {
	r := new(Ref[string, *thing])
	a := acquire(c, key, s.open(key))
	r.Keep(a.lease)
	a.lease.Release()
	return r
}

func wantNoLease(t *testing.T, r *Ref[string, *thing]) {
	t.Helper()
	if l, ok := r.Lease(); ok {
		t.Errorf("leased %+v", l.Value())
		l.Release()
	}
}

func TestARefLeasesAndReleaseGivesBackWithoutTheLock(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		r := keep(c, s, "a")
		c.mu.Lock()
		one, ok := r.Lease()
		two, again := r.Lease()
		if !ok || !again || one.Value().key != "a" || two.Value() != one.Value() {
			t.Error("no lease of it")
		}
		one.Release()
		two.Release()
		c.mu.Unlock()
		if stat := c.Stat(); stat.InUse != 0 || stat.Opens != 1 {
			t.Errorf("%+v", stat)
		}
	})
}

func TestARefHoldsNothingOpen(t *testing.T) {
	bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		r := keep(c, s, "a")
		b := acquire(c, "b", s.open("b"))
		b.wantLease(t, "b", 2)
		s.wantClosed(t, "a")
		wantNoLease(t, r)
		b.lease.Release()
		a := acquire(c, "a", s.open("a"))
		a.wantLease(t, "a", 3)
		wantNoLease(t, r) // the key's entry is another one now
		r.Keep(a.lease)
		a.lease.Release()
		l, ok := r.Lease()
		if !ok || l.Value().number != 3 {
			t.Errorf("leased %+v", l.Value())
		}
		l.Release()
	})
}

func TestALeaseByRefKeepsTheValueOpen(t *testing.T) {
	bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		l, _ := keep(c, s, "a").Lease()
		b := acquire(c, "b", s.open("b"))
		b.wantWaiting(t)
		s.wantClosed(t)
		l.Release()
		b.wantLease(t, "b", 2)
		b.lease.Release()
	})
}

func TestARefLeasesNothingWhileAnEvictWaitsOrWorks(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		r := keep(c, s, "a")
		held, _ := r.Lease()
		g := newGate(s, "a")
		e := evict(c, "a", g.then)
		wantNoLease(t, r)
		held.Release()
		if !g.entered() {
			t.Fatal("then was not called")
		}
		wantNoLease(t, r)
		g.leave <- nil
		e.wantDone(t)
		wantNoLease(t, r)
	})
}

func TestARefLeasesAgainAfterAnEvictThatGaveUp(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		r := keep(c, s, "a")
		held, _ := r.Lease()
		e := evict(c, "a", nil)
		e.cancel(errLeft)
		e.wantErr(t, errLeft, context.Canceled)
		l, ok := r.Lease()
		if !ok {
			t.Error("no lease")
		}
		l.Release()
		held.Release()
	})
}

func TestARefLeasesNoValueThatWasDiscarded(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		r := keep(c, s, "a")
		one, _ := r.Lease()
		two, _ := r.Lease()
		one.Discard()
		wantNoLease(t, r)
		s.wantClosed(t)
		two.Release()
		s.wantClosed(t, "a")
		wantNoLease(t, r)
	})
}

func TestARefLeasesNothingOfAClosedCache(t *testing.T) {
	var r *Ref[string, *thing]
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		r = keep(c, s, "a")
		held, _ := r.Lease()
		closing := start(func(_ context.Context, a *call) { a.err = c.Close() })
		closing.wantWaiting(t)
		wantNoLease(t, r)
		held.Release()
		closing.wantDone(t)
		acquire(c, "a", s.open("a")).wantErr(t, ErrClosed)
	})
	wantNoLease(t, r)
}

func TestTheZeroAndTheNilRefLeaseNothing(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		wantNoLease(t, new(Ref[string, *thing]))
		var none *Ref[string, *thing]
		a := acquire(c, "a", s.open("a"))
		none.Keep(a.lease)
		wantNoLease(t, none)
		a.lease.Release()
	})
}

func TestGivingBackByRefWakesOneWhoWaitsForRoom(t *testing.T) {
	bubble(t, twoRooms, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		a, b := keep(c, s, "a"), keep(c, s, "b")
		one, _ := a.Lease()
		two, _ := b.Lease()
		x, y := acquire(c, "x", s.open("x")), acquire(c, "y", s.open("y"))
		two.Release()
		x.wantLease(t, "x", 3)
		y.wantWaiting(t)
		s.wantClosed(t, "b")
		y.cancel(errLeft)
		y.wantErr(t, ErrFull)
		one.Release()
		s.wantClosed(t, "b")
		x.lease.Release()
	})
}

func TestLeaseLeasesWhatIsOpenAndOpensNothing(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		if _, ok := c.Lease("a"); ok {
			t.Error("leased what is not open")
		}
		a := acquire(c, "a", s.open("a"))
		a.wantLease(t, "a", 1)
		again, ok := c.Lease("a")
		if !ok || again.Value() != a.lease.Value() {
			t.Error("no lease of what is open")
		}
		again.Release()
		a.lease.Release()
		if stat := c.Stat(); stat.InUse != 0 || stat.Opens != 1 {
			t.Errorf("%+v", stat)
		}
	})
}
