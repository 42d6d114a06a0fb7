package lease

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestCloseWaitsForLeasesAndRefusesAllElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(shop)
		c := New(Options[string, *thing]{Limit: 2, Close: s.close})
		acquire(c, "idle", s.open("idle")).lease.Release()
		inUse := acquire(c, "a", s.open("a"))
		closing := start(func(_ context.Context, a *call) { a.err = c.Close() })
		closing.wantWaiting(t)
		s.wantClosed(t, "idle")
		acquire(c, "a", s.open("a")).wantErr(t, ErrClosed)
		acquire(c, "b", s.open("b")).wantErr(t, ErrClosed)
		evict(c, "a", nil).wantErr(t, ErrClosed)
		inUse.wantLease(t, "a", 2)
		inUse.lease.Release()
		closing.wantDone(t)
		s.wantClosed(t, "idle", "a")
	})
}

func TestCloseWakesThoseWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(shop)
		c := New(Options[string, *thing]{Limit: 1, Close: s.close})
		inUse := acquire(c, "a", s.open("a"))
		forRoom, forLeases := acquire(c, "b", s.open("b")), evict(c, "a", nil)
		forEvict := acquire(c, "a", s.open("a"))
		closing := start(func(_ context.Context, a *call) { a.err = c.Close() })
		for _, a := range []*call{forRoom, forLeases, forEvict} {
			a.wantErr(t, ErrClosed)
		}
		closing.wantWaiting(t)
		inUse.lease.Release()
		closing.wantDone(t)
	})
}

func TestCloseWaitsForAnOpeningAndItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(shop)
		c := New(Options[string, *thing]{Limit: 1, Close: s.close})
		g := newGate(s, "a")
		opener, other := acquire(c, "a", g.open), acquire(c, "a", s.open("a"))
		closing := start(func(_ context.Context, a *call) { a.err = c.Close() })
		other.wantErr(t, ErrClosed)
		g.leave <- nil
		opener.wantLease(t, "a", 1)
		closing.wantWaiting(t)
		opener.lease.Release()
		closing.wantDone(t)
		s.wantClosed(t, "a")
	})
}

func TestCloseWaitsForAnEvictAtWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(shop)
		c := New(Options[string, *thing]{Limit: 1, Close: s.close})
		g := newGate(s, "a")
		e := evict(c, "a", g.then)
		next := evict(c, "a", nil)
		closing := start(func(_ context.Context, a *call) { a.err = c.Close() })
		next.wantErr(t, ErrClosed)
		closing.wantWaiting(t)
		g.leave <- nil
		e.wantDone(t)
		closing.wantDone(t)
	})
}

func TestACallerThatMakesRoomWhenTheCacheIsClosedOpensNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		proceed := make(chan struct{})
		s := new(shop)
		c := New(Options[string, *thing]{Limit: 1, Close: func(string, *thing) error {
			<-proceed
			return nil
		}})
		acquire(c, "a", s.open("a")).lease.Release()
		b := acquire(c, "b", s.open("b"))
		closing := start(func(_ context.Context, a *call) { a.err = c.Close() })
		closing.wantWaiting(t)
		close(proceed)
		b.wantErr(t, ErrClosed)
		closing.wantDone(t)
		if s.opened != 1 {
			t.Errorf("opened %d values, want 1", s.opened)
		}
	})
}

func TestCloseMayBeCalledTwiceAndAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(shop)
		failing := func(string, *thing) error { return errDisk }
		c := New(Options[string, *thing]{Limit: 4, Close: failing})
		inUse := acquire(c, "a", s.open("a"))
		acquire(c, "b", s.open("b")).lease.Release()
		var closings []*call
		for range 3 {
			closings = append(closings, start(func(_ context.Context, a *call) { a.err = c.Close() }))
		}
		for _, a := range closings {
			a.wantWaiting(t)
		}
		inUse.lease.Release()
		for _, a := range closings {
			a.wantErr(t, errDisk)
		}
		if err := c.Close(); !errors.Is(err, errDisk) {
			t.Errorf("Close once more: %v", err)
		}
	})
}

func TestCloseJoinsTheErrorsOfAllValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(shop)
		errOther := errors.New("the cable is gone")
		c := New(Options[string, *thing]{
			Limit:        2,
			Close:        func(key string, _ *thing) error { return map[string]error{"a": errDisk, "b": errOther}[key] },
			OnCloseError: func(key string, err error) { t.Errorf("%s: %v was reported, and Close returns it", key, err) },
		})
		acquire(c, "a", s.open("a")).lease.Release()
		inUse := acquire(c, "b", s.open("b"))
		closing := start(func(_ context.Context, a *call) { a.err = c.Close() })
		synctest.Wait()
		inUse.lease.Discard()
		closing.wantErr(t, errDisk, errOther)
	})
}

func TestCloseJoinsTheGoroutineThatClosesIdleValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(shop)
		reporting, proceed := make(chan struct{}), make(chan struct{})
		c := New(Options[string, *thing]{
			Limit: 1,
			Close: func(string, *thing) error { return errDisk },
			OnCloseError: func(string, error) {
				close(reporting)
				<-proceed
			},
		})
		acquire(c, "a", s.open("a")).lease.Release()
		<-reporting // once the value has been idle for long
		closing := start(func(_ context.Context, a *call) { a.err = c.Close() })
		closing.wantWaiting(t)
		close(proceed)
		closing.wantDone(t)
	})
}

func TestNewRefusesOptionsThatCannotWork(t *testing.T) {
	closer := func(string, *thing) error { return nil }
	for name, opts := range map[string]Options[string, *thing]{
		"no limit": {Close: closer},
		"no close": {Limit: 1},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("New did not panic")
				}
			}()
			New(opts)
		})
	}
}
