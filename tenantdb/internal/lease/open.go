package lease

import "context"

// open opens the key's value for the caller that was told to, after closing the value
// whose room it gets, if any, and hands it to all callers.
func (c *Cache[K, V]) open(ctx context.Context, w *waiter[K, V], open func(context.Context) (V, error)) (Lease[K, V], error) {
	e := w.entry
	returned := false
	defer func() {
		if !returned { // a panic or Goexit in Options.Close or open is this caller's alone
			c.handOver(e)
		}
	}()
	if w.victim != nil {
		c.makeRoom(e, w.victim)
	}
	if err := c.mayOpen(ctx, w); err != nil {
		returned = true
		c.handOver(e)
		return Lease[K, V]{}, err
	}
	value, err := open(ctx)
	returned = true
	switch {
	case err == nil:
		return c.succeed(e, value), nil
	case ctx.Err() != nil:
		c.handOver(e)
	default:
		c.fail(e, err)
	}
	return Lease[K, V]{}, err
}

// makeRoom closes the victim and moves its room to the entry in one step, so that nobody
// else gets it.
func (c *Cache[K, V]) makeRoom(e, victim *entry[K, V]) {
	c.runClose(victim, func() { c.setPhase(e, opening) })
}

// mayOpen returns an error if the caller is not to open the value after all.
func (c *Cache[K, V]) mayOpen(ctx context.Context, w *waiter[K, V]) error {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	switch {
	case closed:
		return ErrClosed
	case ctx.Err() == nil:
		return nil
	case w.victim != nil:
		return ended(ctx, ErrFull)
	default:
		return ended(ctx, errNotBegun)
	}
}

// succeed records the value and serves all callers with it.
func (c *Cache[K, V]) succeed(e *entry[K, V], value V) Lease[K, V] {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.value = value
	c.setPhase(e, opened)
	c.opens++
	// An Evict or a Close may have come meanwhile. Those who came before it are served
	// all the same, which is why they are admitted before the door is opened, if it is.
	e.door.admit()
	for w := e.nextCaller(); w != nil; w = e.nextCaller() {
		c.popCaller(w)
		e.door.admit()
		w.tell(served)
	}
	c.settle(e)
	c.dispatch() // another may be opened now
	return Lease[K, V]{e}
}

// fail gives the error to all callers that waited for this opening.
func (c *Cache[K, V]) fail(e *entry[K, V], err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.setPhase(e, vacant)
	c.openFailures++
	for w := e.nextCaller(); w != nil; w = e.nextCaller() {
		c.popCaller(w)
		w.err = err
		w.tell(failed)
	}
	c.settle(e)
	c.dispatch()
}

// handOver makes the next caller open the value in place of one that could not, in the
// room that the key has.
func (c *Cache[K, V]) handOver(e *entry[K, V]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.setPhase(e, vacant)
	if e.nextCaller() != nil {
		c.begin(e, nil)
		return
	}
	c.settle(e)
	c.dispatch()
}
