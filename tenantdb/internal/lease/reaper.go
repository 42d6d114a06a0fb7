package lease

import "time"

// reap is the cache's own goroutine. Now and then it closes what has been idle for long,
// until the cache is closed.
func (c *Cache[K, V]) reap() {
	defer close(c.reaped)
	timer := time.NewTimer(c.sweepEvery)
	defer timer.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-timer.C:
			c.sweep()
			// Not before: two looks at a value are never closer to each other.
			timer.Reset(c.sweepEvery)
			for e := c.expired(); e != nil; e = c.expired() {
				c.closeValue(e)
			}
		}
	}
}

// sweep looks at every value, and records of those that are leased, or were since the
// last look, that they have been in use until now.
func (c *Cache[K, V]) sweep() {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.kept.first
	for range c.count[opened] {
		e := k.item
		k = k.next
		if e.door.look() {
			c.seen(e)
		}
	}
	c.sweeps++
}

// expired returns a value, now in phase closing, that the last idleSweeps sweeps have
// found unused, or nil. Its last use was before the sweep number e.seen, and since that
// idleSweeps times sweepEvery have passed, which is IdleAfter or a little more.
func (c *Cache[K, V]) expired() *entry[K, V] {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.kept.empty() {
		e := c.kept.first.item // the list is in the order of seen
		switch {
		case c.sweeps-e.seen <= c.idleSweeps:
			return nil
		case e.door.shutIfUnused():
			c.setPhase(e, closing)
			return e
		}
		c.seen(e) // it was leased after the sweep
	}
	return nil
}
