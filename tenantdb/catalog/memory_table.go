package catalog

import "sync/atomic"

// Slots are so many that some thousand tenants seldom share one. So much is remembered, and
// no more, that asking for names that nobody has fills no memory.
const (
	tableSlots = 4096
	mostKept   = 64 << 10
)

// table is a hash table of lists that only get longer at their beginning, so that looking
// for something takes no lock and allocates nothing. The zero value is empty.
type table[K comparable, V any] struct {
	slots [tableSlots]slot[K, V]
	count atomic.Int64
}

type slot[K comparable, V any] = atomic.Pointer[remembered[K, V]]

// remembered is what is remembered of one key. It is not changed once it is in a list.
type remembered[K comparable, V any] struct {
	key   K
	value V
	next  *remembered[K, V]
}

func (t *table[K, V]) slot(hash uint64) *slot[K, V] { return &t.slots[hash%tableSlots] }

// keep puts an entry into a slot. Of one key there may be several, which say the same.
func (t *table[K, V]) keep(in *slot[K, V], e *remembered[K, V]) {
	if t.count.Add(1) > mostKept {
		for i := range t.slots {
			t.slots[i].Store(nil)
		}
		t.count.Store(1)
	}
	for {
		e.next = in.Load()
		if in.CompareAndSwap(e.next, e) {
			return
		}
	}
}
