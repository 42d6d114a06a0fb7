package lease

import "testing"

func TestASecondReleaseHasNoEffect(t *testing.T) {
	bubble(t, narrow, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		one := acquire(c, "a", s.open("a")).lease
		two := acquire(c, "a", s.open("a")).lease
		one.Release()
		one.Release()
		one.Discard()
		other := acquire(c, "b", s.open("b"))
		other.wantWaiting(t)
		two.Release()
		other.wantLease(t, "b", 2)
		other.lease.Release()
	})
}

func TestGivingBackMoreLeasesThanThereArePanics(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		one := acquire(c, "a", s.open("a")).lease
		twin := one
		one.Release()
		defer func() {
			if recover() == nil {
				t.Error("it did not")
			}
			again := acquire(c, "a", s.open("a"))
			again.wantLease(t, "a", 1)
			again.lease.Release()
		}()
		twin.Release()
	})
}

func TestAReleasedLeaseHasNoValue(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		l := acquire(c, "a", s.open("a")).lease
		l.Release()
		if v := l.Value(); v != nil {
			t.Errorf("the lease has %+v", v)
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
