package lease

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
)

func TestEvictWaitsForLeasesAndWorksBeforeAnyoneOpensAnew(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		before := acquire(c, "a", s.open("a"))
		g := newGate(s, "a")
		e := evict(c, "a", g.then)
		after := acquire(c, "a", s.open("a"))
		if g.entered() {
			t.Fatal("then was called while the value was leased")
		}
		after.wantWaiting(t)
		before.wantLease(t, "a", 1)
		before.lease.Release()
		if !g.entered() {
			t.Fatal("then was not called")
		}
		s.wantClosed(t, "a")
		after.wantWaiting(t)
		g.leave <- errDisk
		e.wantErr(t, errDisk)
		after.wantLease(t, "a", 2)
		after.lease.Release()
	})
}

func TestEvictOfAKeyThatIsNotOpenWorksAtOnce(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		called := false
		if err := c.Evict(t.Context(), "a", func() error { called = true; return nil }); err != nil || !called {
			t.Errorf("called: %t, error: %v", called, err)
		}
		s.wantClosed(t)
	})
}

func TestEvictsOfOneKeyTakeTheirTurns(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		one, two := newGate(s, "a"), newGate(s, "a")
		first, second := evict(c, "a", one.then), evict(c, "a", two.then)
		other := acquire(c, "a", s.open("a"))
		if two.entered() {
			t.Fatal("both are at work")
		}
		one.leave <- nil
		first.wantDone(t)
		if !two.entered() {
			t.Fatal("the second does not begin")
		}
		other.wantWaiting(t)
		two.leave <- nil
		second.wantDone(t)
		other.wantLease(t, "a", 1)
		other.lease.Release()
	})
}

func TestAnEvictThatGivesUpLetsTheCallersGoOn(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		a := acquire(c, "a", s.open("a"))
		e := evict(c, "a", func() error { t.Error("then was called"); return nil })
		b := acquire(c, "a", s.open("a"))
		b.wantWaiting(t)
		e.cancel(errLeft)
		e.wantErr(t, errLeft, context.Canceled)
		b.wantLease(t, "a", 1)
		a.lease.Release()
		b.lease.Release()
		s.wantClosed(t)
	})
}

func TestEvictDuringAnOpeningServesThoseWhoCameBefore(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		g := newGate(s, "a")
		opener, early := acquire(c, "a", g.open), acquire(c, "a", s.open("a"))
		e := evict(c, "a", nil)
		late := acquire(c, "a", s.open("a"))
		g.leave <- nil
		opener.wantLease(t, "a", 1)
		early.wantLease(t, "a", 1)
		late.wantWaiting(t)
		e.wantWaiting(t)
		opener.lease.Release()
		early.lease.Release()
		e.wantDone(t)
		late.wantLease(t, "a", 2)
		late.lease.Release()
	})
}

func TestAFailedOpeningIsNotToldToThoseWhoWaitForAnEvict(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		g, h := newGate(s, "a"), newGate(s, "a")
		opener := acquire(c, "a", g.open)
		e := evict(c, "a", h.then)
		late := acquire(c, "a", s.open("a"))
		g.leave <- errDisk
		opener.wantErr(t, errDisk)
		late.wantWaiting(t)
		h.leave <- nil
		e.wantDone(t)
		late.wantLease(t, "a", 1)
		late.lease.Release()
	})
}

func TestTheRoomOfAnEvictedValueIsFreeWhileThenWorks(t *testing.T) {
	bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		acquire(c, "a", s.open("a")).lease.Release()
		g := newGate(s, "a")
		e := evict(c, "a", g.then)
		a := acquire(c, "a", s.open("a"))
		b := acquire(c, "b", s.open("b"))
		a.wantWaiting(t)
		b.wantLease(t, "b", 2)
		g.leave <- nil
		e.wantDone(t)
		a.wantWaiting(t)
		b.lease.Release()
		a.wantLease(t, "a", 3)
		a.lease.Release()
	})
}

func TestAnEvictWhoseWorkPanicsFreesTheKey(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		e := start(func(ctx context.Context, e *call) {
			defer func() { e.err, _ = recover().(error) }()
			_ = c.Evict(ctx, "a", func() error { panic(errDisk) })
		})
		e.wantErr(t, errDisk)
		a := acquire(c, "a", s.open("a"))
		a.wantLease(t, "a", 1)
		a.lease.Release()
	})
}

func TestAnErrorFromClosingIsReportedAndDoesNotStopAnEvict(t *testing.T) {
	var reported []string
	opts := Options[string, *thing]{
		Limit: 1,
		Close: func(string, *thing) error { return errDisk },
		OnCloseError: func(key string, err error) {
			if !errors.Is(err, errDisk) {
				t.Errorf("reported %v", err)
			}
			reported = append(reported, key)
		},
	}
	bubble(t, opts, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		acquire(c, "a", s.open("a")).lease.Release()
		called := false
		if err := c.Evict(t.Context(), "a", func() error { called = true; return nil }); err != nil || !called {
			t.Errorf("called: %t, error: %v", called, err)
		}
		if len(reported) != 1 || reported[0] != "a" {
			t.Errorf("reported %q", reported)
		}
	})
}

func TestEvictIdleClosesTheLeastRecentlyUsedAndNoneInUse(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		inUse := acquire(c, "a", s.open("a"))
		for _, key := range []string{"b", "c", "d"} {
			acquire(c, key, s.open(key)).lease.Release()
		}
		if n := c.EvictIdle(2); n != 2 {
			t.Errorf("closed %d, want 2", n)
		}
		s.wantClosed(t, "b", "c")
		if n := c.EvictIdle(2); n != 1 {
			t.Errorf("closed %d, want 1", n)
		}
		s.wantClosed(t, "b", "c", "d")
		inUse.wantLease(t, "a", 1)
		inUse.lease.Release()
	})
}

func TestEvictIdleMayBeCalledByAnOpening(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		acquire(c, "a", s.open("a")).lease.Release()
		b := acquire(c, "b", func(ctx context.Context) (*thing, error) {
			if n := c.EvictIdle(1); n != 1 {
				t.Errorf("closed %d, want 1", n)
			}
			return s.open("b")(ctx)
		})
		b.wantLease(t, "b", 2)
		b.lease.Release()
		synctest.Wait()
		s.wantClosed(t, "a")
	})
}

func TestAValueIsDiscardedByItsKeyWhenNobodyUsesIt(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		used := acquire(c, "a", s.open("a"))
		acquire(c, "b", s.open("b")).lease.Release()
		keys := c.Keys()
		slices.Sort(keys)
		if !slices.Equal(keys, []string{"a", "b"}) {
			t.Errorf("open are %q", keys)
		}
		c.Discard("nobody's")
		c.Discard("b")
		s.wantClosed(t, "b")
		c.Discard("a")
		c.Discard("a")
		s.wantClosed(t, "b")
		used.wantLease(t, "a", 1)
		next := acquire(c, "a", s.open("a"))
		next.wantWaiting(t)
		used.lease.Release()
		s.wantClosed(t, "b", "a")
		next.wantLease(t, "a", 3)
		next.lease.Release()
		if keys := c.Keys(); !slices.Equal(keys, []string{"a"}) {
			t.Errorf("then open are %q", keys)
		}
	})
}

func TestAValueThatIsBeingOpenedIsNotDiscarded(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		g := newGate(s, "a")
		a := acquire(c, "a", g.open)
		c.Discard("a")
		g.leave <- nil
		a.wantLease(t, "a", 1)
		a.lease.Release()
		s.wantClosed(t)
	})
}
