package lease

import (
	"slices"
	"testing"
)

func TestEachGoesOverWhatIsOpenLeasedOrNot(t *testing.T) {
	bubble(t, roomy, func(t *testing.T, c *Cache[string, *thing], s *shop) {
		g := newGate(s, "c")
		a, b, opening := acquire(c, "a", s.open("a")), acquire(c, "b", s.open("b")), acquire(c, "c", g.open)
		a.wantLease(t, "a", 1)
		b.wantLease(t, "b", 2)
		b.lease.Release()
		opening.wantWaiting(t)
		want := func(keys ...string) {
			t.Helper()
			var got []string
			c.Each(func(key string, value *thing) {
				if value == nil {
					t.Errorf("there is no value of %s", key)
				}
				got = append(got, key)
			})
			if slices.Sort(got); !slices.Equal(got, keys) {
				t.Errorf("it goes over %q, want %q", got, keys)
			}
		}
		want("a", "b")
		g.leave <- nil
		opening.wantDone(t)
		want("a", "b", "c")
		opening.lease.Discard()
		want("a", "b")
		a.lease.Release()
	})
}
