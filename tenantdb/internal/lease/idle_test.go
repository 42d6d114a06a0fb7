package lease

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestAnIdleValueIsClosedAfterIdleAfter(t *testing.T) {
	opts := Options[string, *thing]{Limit: 4} // 10 minutes, looked for each minute
	bubble(t, opts, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		inUse := acquire(c, "used", s.open("used"))
		acquire(c, "a", s.open("a")).lease.Release()
		time.Sleep(5 * time.Minute)
		acquire(c, "b", s.open("b")).lease.Release()
		time.Sleep(5*time.Minute - time.Second)
		s.wantClosed(t)
		time.Sleep(time.Minute + time.Second)
		synctest.Wait()
		s.wantClosed(t, "a")
		acquire(c, "b", s.open("b")).lease.Release() // used once more: idle from now
		time.Sleep(9 * time.Minute)
		synctest.Wait()
		s.wantClosed(t, "a")
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		s.wantClosed(t, "a", "b")
		inUse.wantLease(t, "used", 1)
		inUse.lease.Release()
		if stat := c.Stat(); stat.Evictions != 0 || stat.Closes != 2 {
			t.Errorf("%+v", stat)
		}
	})
}

func TestANegativeIdleAfterKeepsValuesOpen(t *testing.T) {
	opts := Options[string, *thing]{Limit: 2, IdleAfter: -1}
	bubble(t, opts, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		acquire(c, "a", s.open("a")).lease.Release()
		time.Sleep(1000 * time.Hour)
		synctest.Wait()
		s.wantClosed(t)
	})
}

func TestAnIdleValueIsClosedBetweenIdleAfterAndSweepEveryLater(t *testing.T) {
	for _, opts := range []Options[string, *thing]{
		{IdleAfter: 10 * time.Minute, SweepEvery: time.Minute},
		{IdleAfter: 100 * time.Second, SweepEvery: time.Minute},
		{IdleAfter: time.Minute, SweepEvery: time.Minute},
		{IdleAfter: time.Second, SweepEvery: time.Hour},
		{IdleAfter: 7 * time.Second, SweepEvery: 3 * time.Second},
		{IdleAfter: 1, SweepEvery: time.Second},
	} {
		opts.Limit = 4
		for used := range 20 { // when it was last used, in parts of SweepEvery
			bubble(t, opts, func(t *testing.T, c *Cache[string, *thing], s *shop) {
				l := acquire(c, "a", s.open("a")).lease
				time.Sleep(opts.SweepEvery * time.Duration(used) / 7)
				if used%2 == 1 { // its last lease began earlier
					l.Release()
					l = acquire(c, "a", s.open("a")).lease
				}
				l.Release()
				if opts.IdleAfter > 1 {
					time.Sleep(opts.IdleAfter - 1)
					synctest.Wait()
					s.wantClosed(t)
					time.Sleep(time.Nanosecond)
				}
				time.Sleep(opts.SweepEvery)
				synctest.Wait()
				if len(s.closed) == 0 {
					t.Errorf("%v after it was used at %d it is open: %+v", opts.IdleAfter+opts.SweepEvery, used, opts)
				}
			})
		}
	}
}

func TestAValueThatIsUsedNowAndThenStaysOpen(t *testing.T) {
	bubble(t, twoRooms, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		r := keep(c, s, "a")
		for range 20 {
			time.Sleep(twoRooms.IdleAfter - time.Second)
			l, ok := r.Lease()
			if !ok {
				t.Fatal("it was closed")
			}
			l.Release()
		}
	})
}
