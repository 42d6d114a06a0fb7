package lease

// Lease is the right to use one value until it is given back. It belongs to one owner,
// who gives it back once; assigning it to another variable hands it on, and the old one
// must not be used any more. The zero Lease is one that was given back.
type Lease[K comparable, V any] struct {
	entry *entry[K, V]
}

// Value returns the leased value, or the zero value of its type once the lease was given
// back. It must not be used after that: it may be closed at any time.
func (l *Lease[K, V]) Value() V {
	if l.entry == nil {
		var none V
		return none
	}
	return l.entry.value
}

// Release gives the value back and makes l the zero Lease. It does not wait, unless the
// value was discarded and this was its last lease: then it closes the value.
func (l *Lease[K, V]) Release() {
	e := l.entry
	if e == nil {
		return
	}
	l.entry = nil
	last, shut := e.door.leave()
	if last && (shut || e.cache.wanting.Load()) {
		e.cache.vacated(e)
	}
}

// Discard gives the value back and has it closed as soon as nobody uses it, because it
// is broken. Leases that others have of it stay good; the next Acquire opens anew.
func (l *Lease[K, V]) Discard() {
	e := l.entry
	if e == nil {
		return
	}
	l.entry = nil
	e.cache.discard(e)
}

// vacated is called after the last lease of an entry was given back, if somebody may wait
// for that: an Evict, one who discarded the value, a Close, or a key that wants the room.
// Anything may have happened to the entry since then, even what it is called for.
func (c *Cache[K, V]) vacated(e *entry[K, V]) {
	c.mu.Lock()
	if c.closeDiscarded(e) {
		return
	}
	c.settle(e)
	c.dispatch()
	c.mu.Unlock()
}

// discard ends a lease of a value that is not to be kept.
func (c *Cache[K, V]) discard(e *entry[K, V]) {
	c.mu.Lock()
	e.discarded = true
	e.door.shut()
	e.door.leave()
	if !c.closeDiscarded(e) {
		c.mu.Unlock()
	}
}

// closeDiscarded closes a value that was discarded, if nobody uses it and nobody else is
// about to close it. Then it unlocks c.mu, which is held, and returns true.
func (c *Cache[K, V]) closeDiscarded(e *entry[K, V]) bool {
	if !e.discarded || e.phase != opened || !e.door.empty() {
		return false
	}
	c.setPhase(e, closing)
	c.mu.Unlock()
	c.closeValue(e)
	return true
}

// Lease leases the value of a key if it is open and free to use. It opens nothing and waits
// for nobody, and is for who uses it for a moment, as [Cache.AcquireOnce] is.
func (c *Cache[K, V]) Lease(key K) (Lease[K, V], bool) { return c.leaseOpen(key, passing) }

// LeaseToStay is Lease for who is likely to come back, as [Cache.Acquire] is.
func (c *Cache[K, V]) LeaseToStay(key K) (Lease[K, V], bool) { return c.leaseOpen(key, wanted) }

func (c *Cache[K, V]) leaseOpen(key K, why interest) (Lease[K, V], bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[key]
	if e == nil || c.closed || !e.door.enter() {
		return Lease[K, V]{}, false
	}
	if why == wanted {
		e.wanted = true
	}
	return Lease[K, V]{e}, true
}
