package lease

import "time"

// reap is the cache's own goroutine. Now and then it closes what has been idle for long,
// until the cache is closed.
func (c *Cache[K, V]) reap() {
	defer close(c.reaped)
	ticker := time.NewTicker(c.opts.SweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-ticker.C:
			for e := c.expired(); e != nil; e = c.expired() {
				c.closeValue(e)
			}
		}
	}
}

// expired returns a value that has been idle for long enough, now in phase closing, or nil.
func (c *Cache[K, V]) expired() *entry[K, V] {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.idle.empty() {
		return nil
	}
	e := c.idle.first.item // the list is in order of time
	if time.Since(c.start)-e.idleSince < c.opts.IdleAfter {
		return nil
	}
	c.setPhase(e, closing)
	return e
}
