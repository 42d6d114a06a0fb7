package lease

import "context"

// Evict closes the value of a key and calls then, if not nil, while the key has none: for
// work that must not meet an open value, such as deleting or replacing what it was opened
// from. Acquires that come while it waits or works wait until it is done, and then open
// anew; leases that are out keep it waiting. Several Evicts of a key take their turns.
//
// It returns what then returns. If ctx ends before the key is unused, or the cache is
// closed, it returns an error that matches the context's cause, or [ErrClosed], and
// nothing was done. Once begun it goes on to its end. An error from closing the value
// does not keep then from being called; it goes to Options.OnCloseError.
//
// then must not call the cache for the same key, and Evict not be called by one who holds
// a lease of it: they would wait for themselves.
func (c *Cache[K, V]) Evict(ctx context.Context, key K, then func() error) error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return ErrClosed
	}
	e := c.entries[key]
	if e == nil {
		e = c.addEntry(key)
	}
	w := newWaiter(e)
	e.evictors.push(&w.link)
	c.settle(e)
	c.mu.Unlock()

	if err := c.await(ctx, w, c.withdrawEvict); err != nil {
		return err
	}
	if w.word == failed {
		return w.err
	}
	defer c.endEvict(w)
	if w.victim != nil {
		c.closeValue(e)
	}
	if then == nil {
		return nil
	}
	return then()
}

// withdrawEvict ends the wait of an Evict that gives up. c.mu is held.
func (c *Cache[K, V]) withdrawEvict(w *waiter[K, V]) (reason error) {
	c.leave(w)
	return errEvicting
}

// endEvict lets the next Evict of the key begin, or its callers go on.
func (c *Cache[K, V]) endEvict(w *waiter[K, V]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w.entry.evicting = false
	c.leave(w)
}

// leave ends an Evict's hold on the key. c.mu is held.
func (c *Cache[K, V]) leave(w *waiter[K, V]) {
	e := w.entry
	w.link.remove()
	if !e.fenced() {
		for k := e.callers.first; k != nil; k = k.next {
			k.item.late = false
		}
	}
	c.settle(e)
	c.dispatch()
}

// EvictIdle closes up to n values that nobody uses, in the order in which they would make
// room for others, and returns how many it closed. It is for when something that the cache does not count,
// such as file descriptors, has run out; a function that opens a value may call it.
func (c *Cache[K, V]) EvictIdle(n int) int {
	closed := 0
	for ; closed < n; closed++ {
		c.mu.Lock()
		e := c.victim()
		c.mu.Unlock()
		if e == nil {
			break
		}
		c.closeValue(e)
	}
	return closed
}

// Keys returns the keys of all values that are open.
func (c *Cache[K, V]) Keys() []K {
	c.mu.Lock()
	defer c.mu.Unlock()
	keys := make([]K, 0, c.count[opened])
	for k := c.kept.first; k != nil; k = k.next {
		keys = append(keys, k.item.key)
	}
	return keys
}

// Discard has the value of a key closed as soon as nobody uses it, as [Lease.Discard] does: at
// once, if nobody does. It waits for nothing else. If there is none it does nothing.
func (c *Cache[K, V]) Discard(key K) {
	c.discardIf(key, func(*entry[K, V]) bool { return true })
}

// DiscardUnwanted is Discard of a value that only [Cache.AcquireOnce] has asked for. One that
// anybody else has, and may want again, stays as it is.
func (c *Cache[K, V]) DiscardUnwanted(key K) {
	c.discardIf(key, func(e *entry[K, V]) bool { return !e.wanted })
}

func (c *Cache[K, V]) discardIf(key K, condition func(*entry[K, V]) bool) {
	c.mu.Lock()
	e := c.entries[key]
	if e == nil || e.phase != opened || !condition(e) {
		c.mu.Unlock()
		return
	}
	e.discarded = true
	e.door.shut()
	if !c.closeDiscarded(e) {
		c.mu.Unlock()
	}
}
