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

func TestSweepEverySaysHowOftenIdleValuesAreLookedFor(t *testing.T) {
	opts := Options[string, *thing]{Limit: 2, IdleAfter: time.Second, SweepEvery: time.Hour}
	bubble(t, opts, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		acquire(c, "a", s.open("a")).lease.Release()
		time.Sleep(59 * time.Minute)
		synctest.Wait()
		s.wantClosed(t)
		time.Sleep(time.Minute)
		synctest.Wait()
		s.wantClosed(t, "a")
	})
}
