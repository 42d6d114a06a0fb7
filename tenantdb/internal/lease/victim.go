package lease

// victim takes out of use the value that is the first to go, and returns its entry, in
// phase closing, or nil if all are leased. c.mu is held.
//
// It goes through the values in order and passes over those that are leased. One that was
// leased since it was last looked at is sent to the end of the order, and goes only if
// there is none that was not.
func (c *Cache[K, V]) victim() *entry[K, V] {
	k := c.kept.first
	for range c.count[opened] {
		e := k.item
		k = k.next
		switch {
		case e.door.shutIfUnused():
			return c.condemn(e)
		case e.door.empty():
			e.door.look()
			c.seen(e)
		}
	}
	// Those that were leased then may have been given back, and those that were not be
	// touched again. Whoever is still leased now gives the value back later than this,
	// and it is that which dispatch relies on.
	for k := c.kept.first; k != nil; k = k.next {
		if k.item.door.shutIfEmpty() {
			return c.condemn(k.item)
		}
	}
	return nil
}

// condemn counts a value that has to make room. c.mu is held.
func (c *Cache[K, V]) condemn(e *entry[K, V]) *entry[K, V] {
	c.setPhase(e, closing)
	c.evictions++
	return e
}

// seen records that a value was in use until now, or may have been. c.mu is held.
func (c *Cache[K, V]) seen(e *entry[K, V]) {
	e.seen = c.sweeps
	e.kept.remove()
	c.kept.push(&e.kept)
}
