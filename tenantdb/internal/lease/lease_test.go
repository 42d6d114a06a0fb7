package lease

import "testing"

func TestASecondReleaseHasNoEffect(t *testing.T) {
	bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		one := acquire(c, "a", s.open("a")).lease
		two := acquire(c, "a", s.open("a")).lease
		twin := one
		one.Release()
		one.Release()
		twin.Release()
		twin.Discard()
		other := acquire(c, "b", s.open("b"))
		other.wantWaiting(t)
		two.Release()
		other.wantLease(t, "b", 2)
		other.lease.Release()
	})
}

func TestAnOldLeaseCannotEndALaterOne(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		old := acquire(c, "a", s.open("a")).lease
		old.Release()
		later := acquire(c, "a", s.open("a"))
		if later.lease.hold != old.hold {
			t.Fatal("the test proves nothing: the hold was not used again")
		}
		old.Release()
		old.Discard()
		later.wantLease(t, "a", 1)
		if n := c.Stat().InUse; n != 1 {
			t.Errorf("%d values are in use, want 1", n)
		}
		later.lease.Release()
	})
}

func TestAReleasedLeaseHasNoValue(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		l := acquire(c, "a", s.open("a")).lease
		twin := l
		l.Release()
		if v := l.Value(); v != nil {
			t.Errorf("the lease has %+v", v)
		}
		if v := twin.Value(); v != nil {
			t.Errorf("its copy has %+v", v)
		}
	})
}

func TestTheZeroLeaseIsOneThatWasGivenBack(t *testing.T) {
	var l Lease[string, *thing]
	l.Release()
	l.Discard()
	if v := l.Value(); v != nil {
		t.Errorf("it has %+v", v)
	}
}

func TestADiscardedValueIsClosedWhenNobodyUsesItAndOpenedAnew(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		one := acquire(c, "a", s.open("a"))
		two := acquire(c, "a", s.open("a"))
		one.lease.Discard()
		two.wantLease(t, "a", 1)
		three := acquire(c, "a", s.open("a"))
		three.wantWaiting(t)
		s.wantClosed(t)
		two.lease.Release()
		three.wantLease(t, "a", 2)
		s.wantClosed(t, "a")
		three.lease.Release()
		four := acquire(c, "a", s.open("a"))
		four.wantLease(t, "a", 2)
		four.lease.Release()
	})
}

func TestADiscardedValueIsClosedByTheDiscardThatIsItsLastUse(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		acquire(c, "a", s.open("a")).lease.Discard()
		s.wantClosed(t, "a")
		if stat := c.Stat(); stat.Open != 0 {
			t.Errorf("%+v", stat)
		}
	})
}
