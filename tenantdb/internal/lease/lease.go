package lease

import "sync/atomic"

// Lease is the right to use one value until it is given back. It is a small value that
// may be copied; all copies are one lease and end together. The zero Lease is one that
// was given back. Its methods may be called from any goroutine.
type Lease[K comparable, V any] struct {
	cache *Cache[K, V]
	hold  *hold[K, V]
	turn  uint64
	value V
}

// Value returns the leased value, or the zero value of its type once the lease was given
// back. It must not be used after that: it may be closed at any time.
func (l Lease[K, V]) Value() V {
	if l.hold == nil || l.hold.turn.Load() != l.turn {
		var none V
		return none
	}
	return l.value
}

// Release gives the value back. Doing so again has no effect. It does not wait, unless
// the value was discarded and this was its last lease: then it closes the value.
func (l Lease[K, V]) Release() { l.end(false) }

// Discard gives the value back and has it closed as soon as nobody uses it, because it
// is broken. Leases that others have of it stay good; the next Acquire opens anew. It has
// no effect on a lease that was given back.
func (l Lease[K, V]) Discard() { l.end(true) }

func (l Lease[K, V]) end(broken bool) {
	if l.hold == nil || !l.hold.turn.CompareAndSwap(l.turn, l.turn+1) {
		return
	}
	l.cache.giveBack(l.hold, broken)
}

// hold stands for a lease in the cache's books. Holds are used again, and turn tells a
// lease whether the hold still stands for it: this is what makes Acquire free of
// allocation and a second Release harmless.
type hold[K comparable, V any] struct {
	turn  atomic.Uint64
	entry *entry[K, V] // guarded by Cache.mu
	next  *hold[K, V]  // in Cache.holds; guarded by Cache.mu
}

// lease hands out the entry's value once more. c.mu is held.
func (c *Cache[K, V]) lease(e *entry[K, V]) Lease[K, V] {
	if e.leases == 0 {
		e.idle.remove()
		c.inUse++
	}
	e.leases++
	h := c.holds
	if h == nil {
		h = new(hold[K, V])
	} else {
		c.holds, h.next = h.next, nil
	}
	h.entry = e
	return Lease[K, V]{cache: c, hold: h, turn: h.turn.Load(), value: e.value}
}

// giveBack ends the lease that the hold stands for.
func (c *Cache[K, V]) giveBack(h *hold[K, V], broken bool) {
	c.mu.Lock()
	e := h.entry
	h.entry, h.next, c.holds = nil, c.holds, h
	e.discarded = e.discarded || broken
	if e.leases--; e.leases > 0 {
		c.mu.Unlock()
		return
	}
	c.inUse--
	if e.discarded {
		c.setPhase(e, closing)
		c.mu.Unlock()
		c.closeValue(e)
		return
	}
	c.settle(e)
	c.dispatch()
	c.mu.Unlock()
}
