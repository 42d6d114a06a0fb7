package lease

import "sync/atomic"

// Ref remembers where the cache keeps a key's value, so that a caller who leases it again
// and again needs neither the look-up nor the cache's lock. It holds nothing open, keeps
// no value in memory, and is never wrong: while the value is closed, or its key fenced, a
// Ref leases nothing, and [Cache.Acquire] is asked as if there were none. The zero Ref
// remembers nothing, and a nil one never will. Its methods may be called from any goroutine.
type Ref[K comparable, V any] struct {
	// entry may have been in the cache's books long ago. Its turnstile was shut for
	// good then.
	entry atomic.Pointer[entry[K, V]]
}

// Lease leases the value if it is open and free to use.
func (r *Ref[K, V]) Lease() (Lease[K, V], bool) {
	if r == nil {
		return Lease[K, V]{}, false
	}
	e := r.entry.Load()
	if e == nil || !e.door.enter() {
		return Lease[K, V]{}, false
	}
	return Lease[K, V]{e}, true
}

// Keep makes the Ref remember where the value of l is kept. l must not have been given
// back.
func (r *Ref[K, V]) Keep(l Lease[K, V]) {
	if r != nil && r.entry.Load() != l.entry {
		r.entry.Store(l.entry)
	}
}
