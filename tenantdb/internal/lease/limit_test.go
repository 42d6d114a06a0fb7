package lease

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestTheLeastRecentlyUsedIdleValueMakesRoom(t *testing.T) {
	bubble(t, Options[string, *thing]{Limit: 3}, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		for _, key := range []string{"a", "b", "c", "a"} {
			acquire(c, key, s.open(key)).lease.Release()
		}
		d := acquire(c, "d", s.open("d"))
		s.wantClosed(t, "b")
		e := acquire(c, "e", s.open("e"))
		s.wantClosed(t, "b", "c")
		if stat := c.Stat(); stat.Evictions != 2 || stat.Open != 3 || stat.InUse != 2 || stat.Idle != 1 {
			t.Errorf("%+v", stat)
		}
		d.lease.Release()
		e.lease.Release()
	})
}

func TestAValueThatWasUsedAgainIsPassedOverOnce(t *testing.T) {
	bubble(t, Options[string, *thing]{Limit: 3}, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		for _, key := range []string{"a", "b", "c", "b", "a"} {
			acquire(c, key, s.open(key)).lease.Release()
		}
		for i, key := range []string{"d", "e", "f"} {
			acquire(c, key, s.open(key)).lease.Release()
			s.wantClosed(t, []string{"c", "a", "b"}[:i+1]...)
		}
	})
}

func TestIfAllWereUsedAgainTheFirstMakesRoom(t *testing.T) {
	bubble(t, Options[string, *thing]{Limit: 3}, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		for _, key := range []string{"a", "b", "c", "c", "b", "a"} {
			acquire(c, key, s.open(key)).lease.Release()
		}
		acquire(c, "d", s.open("d")).lease.Release()
		s.wantClosed(t, "a")
	})
}

func TestAValueThatWasOpenedAnewDoesNotCountAsUsedAgain(t *testing.T) {
	bubble(t, twoRooms, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		one, two := acquire(c, "a", s.open("a")), acquire(c, "a", s.open("a"))
		one.lease.Discard()
		anew := acquire(c, "a", s.open("a"))
		two.lease.Release()
		anew.wantLease(t, "a", 2)
		anew.lease.Release()
		for _, key := range []string{"b", "c"} {
			acquire(c, key, s.open(key)).lease.Release()
		}
		s.wantClosed(t, "a", "a")
	})
}

func TestAValueInUseIsNeverClosedToMakeRoom(t *testing.T) {
	bubble(t, twoRooms, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		a := acquire(c, "a", s.open("a"))
		acquire(c, "b", s.open("b")).lease.Release()
		b := acquire(c, "c", s.open("c"))
		s.wantClosed(t, "b")
		d := acquire(c, "d", s.open("d"))
		d.wantWaiting(t)
		a.wantLease(t, "a", 1)
		b.wantLease(t, "c", 3)
		d.cancel(nil)
		a.lease.Release()
		b.lease.Release()
	})
}

func TestAcquireWaitsInOrderWhenEveryValueIsInUse(t *testing.T) {
	bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		last := acquire(c, "a", s.open("a"))
		var waiting []*call
		keys := []string{"b", "c", "d", "e"}
		for _, key := range keys {
			waiting = append(waiting, acquire(c, key, s.open(key)))
		}
		for i, next := range waiting {
			for _, a := range waiting[i:] {
				a.wantWaiting(t)
			}
			last.lease.Release()
			next.wantLease(t, keys[i], i+2)
			last = next
		}
		last.lease.Release()
	})
}

func TestANewcomerDoesNotOvertakeThoseWhoWait(t *testing.T) {
	bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		a := acquire(c, "a", s.open("a"))
		b := acquire(c, "b", s.open("b"))
		a.lease.Release()
		b.wantLease(t, "b", 2)
		again := acquire(c, "a", s.open("a"))
		third := acquire(c, "c", s.open("c"))
		b.lease.Release()
		again.wantLease(t, "a", 3)
		third.wantWaiting(t)
		again.lease.Release()
		third.wantLease(t, "c", 4)
		third.lease.Release()
	})
}

func TestWaitingEndsWithErrFullAndTheContextsCause(t *testing.T) {
	bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		a := acquire(c, "a", s.open("a"))
		b := acquire(c, "b", s.open("b"))
		b.cancel(errLeft)
		b.wantErr(t, ErrFull, errLeft, context.Canceled)
		if n := c.Stat().Waiting; n != 0 {
			t.Errorf("%d callers wait, want none", n)
		}
		a.lease.Release()
		s.wantClosed(t)
	})
}

func TestWaitersOfOneKeyShareOnePlace(t *testing.T) {
	bubble(t, twoRooms, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		a, b := acquire(c, "a", s.open("a")), acquire(c, "b", s.open("b"))
		crowd := []*call{acquire(c, "x", s.open("x")), acquire(c, "x", s.open("x")), acquire(c, "x", s.open("x"))}
		y := acquire(c, "y", s.open("y"))
		a.lease.Release()
		for _, x := range crowd {
			x.wantLease(t, "x", 3)
		}
		y.wantWaiting(t)
		b.lease.Release()
		y.wantLease(t, "y", 4)
		for _, x := range append(crowd, y) {
			x.lease.Release()
		}
	})
}

func TestAKeyKeepsItsPlaceWhenTheFirstOfItsCallersGivesUp(t *testing.T) {
	bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		a := acquire(c, "a", s.open("a"))
		first := acquire(c, "x", s.open("x"))
		y := acquire(c, "y", s.open("y"))
		second := acquire(c, "x", s.open("x"))
		first.cancel(nil)
		first.wantErr(t, ErrFull)
		a.lease.Release()
		second.wantLease(t, "x", 2)
		y.wantWaiting(t)
		second.lease.Release()
		y.wantLease(t, "y", 3)
		y.lease.Release()
	})
}

func TestAFailedOpeningPassesItsRoomOn(t *testing.T) {
	bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		g := newGate(s, "a")
		a := acquire(c, "a", g.open)
		b := acquire(c, "b", s.open("b"))
		b.wantWaiting(t)
		g.leave <- errDisk
		a.wantErr(t, errDisk)
		b.wantLease(t, "b", 1)
		b.lease.Release()
	})
}

func TestAValueCountsUntilItsCloseReturned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		proceed := make(chan struct{})
		s := new(shop)
		c := New(Options[string, *thing]{Limit: 1, Close: func(string, *thing) error {
			<-proceed
			return nil
		}})
		acquire(c, "a", s.open("a")).lease.Release()
		b := acquire(c, "b", s.open("b"))
		again := acquire(c, "a", s.open("a"))
		b.wantWaiting(t)
		again.wantWaiting(t)
		if stat := c.Stat(); stat.Closing != 1 || stat.Open != 0 || stat.Opening != 0 {
			t.Errorf("%+v", stat)
		}
		close(proceed)
		b.wantLease(t, "b", 2)
		again.wantWaiting(t)
		b.lease.Release()
		again.wantLease(t, "a", 3)
		again.lease.Release()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestACallerWhoseContextEndsWhileItMakesRoomPassesTheRoomOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		proceed := make(chan struct{})
		s := new(shop)
		c := New(Options[string, *thing]{Limit: 1, Close: func(string, *thing) error {
			<-proceed
			return nil
		}})
		acquire(c, "a", s.open("a")).lease.Release()
		b := acquire(c, "b", s.open("b"))
		other := acquire(c, "c", s.open("c"))
		b.cancel(errLeft)
		b.wantWaiting(t) // closing is not interrupted
		close(proceed)
		b.wantErr(t, ErrFull, errLeft)
		other.wantLease(t, "c", 2)
		other.lease.Release()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestACloseThatPanicsCostsTheCallerAndNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, panics := new(shop), true
		c := New(Options[string, *thing]{Limit: 1, Close: func(string, *thing) error {
			if panics {
				panics = false
				panic(errDisk)
			}
			return nil
		}})
		a := acquire(c, "a", s.open("a"))
		b := start(func(ctx context.Context, b *call) {
			defer func() { b.err, _ = recover().(error) }()
			b.lease, _ = c.Acquire(ctx, "b", s.open("b"))
		})
		synctest.Wait()
		other := acquire(c, "c", s.open("c"))
		a.lease.Release()
		b.wantErr(t, errDisk)
		other.wantLease(t, "c", 2)
		other.lease.Release()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestAKeyThatIsBeingReplacedLetsOthersGoFirst(t *testing.T) {
	bubble(t, twoRooms, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		broken, a := acquire(c, "x", s.open("x")), acquire(c, "a", s.open("a"))
		twin := acquire(c, "x", s.open("x"))
		broken.lease.Discard()
		x := acquire(c, "x", s.open("x"))
		b, d := acquire(c, "b", s.open("b")), acquire(c, "d", s.open("d"))
		a.lease.Release()
		b.wantLease(t, "b", 3) // x came first but cannot be opened yet
		d.wantWaiting(t)
		twin.lease.Release()
		x.wantLease(t, "x", 4) // and now comes first
		d.wantWaiting(t)
		b.lease.Release()
		d.wantLease(t, "d", 5)
		x.lease.Release()
		d.lease.Release()
	})
}

func TestErrFullIsNotReportedForOtherWaits(t *testing.T) {
	bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		a := acquire(c, "a", s.open("a"))
		e := evict(c, "a", nil)
		again := acquire(c, "a", s.open("a"))
		again.cancel(errLeft)
		again.wantErr(t, errLeft)
		if errors.Is(again.err, ErrFull) {
			t.Errorf("%q matches ErrFull, but waited for an Evict", again.err)
		}
		a.lease.Release()
		e.wantDone(t)
	})
}
