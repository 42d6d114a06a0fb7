package lease

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
)

func TestAcquireOpensAValueOnceAndKeepsItOpen(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		for range 3 {
			a := acquire(c, "a", s.open("a"))
			a.wantLease(t, "a", 1)
			a.lease.Release()
		}
		s.wantClosed(t)
	})
}

func TestCallersOfOneKeyShareTheOneOpening(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		g := newGate(s, "a")
		first := acquire(c, "a", g.open)
		others := []*call{acquire(c, "a", s.open("a")), acquire(c, "a", s.open("a"))}
		for _, a := range others {
			a.wantWaiting(t)
		}
		g.leave <- nil
		for _, a := range append(others, first) {
			a.wantLease(t, "a", 1)
			a.lease.Release()
		}
	})
}

func TestKeysAreOpenedSideBySide(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		a, b := newGate(s, "a"), newGate(s, "b")
		calls := []*call{acquire(c, "a", a.open), acquire(c, "b", b.open)}
		if !a.entered() || !b.entered() {
			t.Error("one opening waits for the other")
		}
		a.leave <- nil
		b.leave <- nil
		for _, a := range calls {
			a.wantDone(t)
			a.lease.Release()
		}
	})
}

func TestAFailedOpeningIsToldToAllWhoWaitedAndNotRemembered(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		g := newGate(s, "a")
		calls := []*call{acquire(c, "a", g.open), acquire(c, "a", s.open("a")), acquire(c, "a", s.open("a"))}
		g.leave <- errDisk
		for _, a := range calls {
			a.wantErr(t, errDisk)
		}
		again := acquire(c, "a", s.open("a"))
		again.wantLease(t, "a", 1)
		again.lease.Release()
		if n := c.Stat().OpenFailures; n != 1 {
			t.Errorf("%d failures counted, want 1", n)
		}
	})
}

func TestTheNextCallerOpensWhenTheOpenersOwnContextEnds(t *testing.T) {
	bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		g, h := newGate(s, "a"), newGate(s, "a")
		first := acquire(c, "a", g.open)
		second := acquire(c, "a", h.open)
		third := acquire(c, "a", s.open("a"))
		elsewhere := acquire(c, "b", s.open("b"))
		first.cancel(errLeft)
		first.wantErr(t, context.Canceled)
		if !h.entered() {
			t.Fatal("the second caller does not open")
		}
		third.wantWaiting(t)
		elsewhere.wantWaiting(t)
		h.leave <- nil
		second.wantLease(t, "a", 1)
		third.wantLease(t, "a", 1)
		second.lease.Release()
		third.lease.Release()
		elsewhere.wantLease(t, "b", 2)
		elsewhere.lease.Release()
	})
}

func TestACallerWhoseContextEndsStopsWaitingForAnothersOpening(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		g := newGate(s, "a")
		first := acquire(c, "a", g.open)
		second := acquire(c, "a", s.open("a"))
		second.cancel(errLeft)
		second.wantErr(t, errLeft, context.Canceled)
		if errors.Is(second.err, ErrFull) {
			t.Errorf("%q matches ErrFull, but there is room", second.err)
		}
		g.leave <- nil
		first.wantLease(t, "a", 1)
		first.lease.Release()
	})
}

func TestACallerWhoseContextHasEndedOpensNothing(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errLeft)
		_, err := c.Acquire(ctx, "a", func(context.Context) (*thing, error) {
			t.Error("opened")
			return nil, errDisk
		})
		if !errors.Is(err, errLeft) || !errors.Is(err, context.Canceled) || errors.Is(err, ErrFull) {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestAnOpeningThatNeverReturnsLeavesTheKeyToTheNextCaller(t *testing.T) {
	ways := map[string]func(){
		"panic":  func() { panic(errDisk) },
		"goexit": func() { runtime.Goexit() },
	}
	for name, end := range ways {
		t.Run(name, func(t *testing.T) {
			bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
				proceed := make(chan struct{})
				first := start(func(ctx context.Context, a *call) {
					defer func() { recover() }()
					_, _ = c.Acquire(ctx, "a", func(context.Context) (*thing, error) {
						<-proceed
						end()
						return nil, nil
					})
					t.Error("Acquire returned")
				})
				synctest.Wait()
				second := acquire(c, "a", s.open("a"))
				second.wantWaiting(t)
				close(proceed)
				<-first.done
				second.wantLease(t, "a", 1)
				second.lease.Release()
			})
		})
	}
}
