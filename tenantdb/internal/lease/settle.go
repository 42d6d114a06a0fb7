package lease

// addEntry puts the key into the books. c.mu is held.
func (c *Cache[K, V]) addEntry(key K) *entry[K, V] {
	e := &entry[K, V]{cache: c, key: key}
	e.kept.item, e.place.item = e, e
	c.entries[key] = e
	c.count[vacant]++
	return e
}

// setPhase moves an entry on and keeps the counts. c.mu is held.
func (c *Cache[K, V]) setPhase(e *entry[K, V], p phase) {
	c.count[e.phase]--
	c.count[p]++
	e.phase = p
	e.kept.remove()
	if p == opened {
		c.seen(e)
	}
}

// settle is called after anything happened to an entry, and puts it where it belongs: a
// usable value is opened to all and given to those who wait for it, one that is not is
// shut, an unused one goes to who wants to evict it, waiting callers into the queue, and a
// key that nobody needs out of the books. It moves no other entry: where room may have come free, dispatch is called after it.
// c.mu is held.
func (c *Cache[K, V]) settle(e *entry[K, V]) {
	switch {
	case e.usable():
		e.door.open()
		for !e.callers.empty() {
			w := e.callers.first.item
			c.popCaller(w)
			e.door.enter()
			w.tell(served)
		}
	case e.phase == opened:
		e.door.shut()
	}
	if e.fenced() && !e.evicting && e.door.empty() && (e.phase == opened || e.phase == vacant) {
		w := e.evictors.first.item
		e.evicting = true
		if e.phase == opened {
			c.setPhase(e, closing)
			w.victim = e
		}
		w.tell(begin)
	}

	switch queued := e.place.in != nil; {
	case e.callers.empty(), e.phase == makingRoom, e.phase == opening:
		e.place.remove()
	case !queued:
		c.queue.push(&e.place)
	}
	if e.phase == vacant && e.callers.empty() && !e.fenced() && c.entries[e.key] == e {
		delete(c.entries, e.key)
		c.count[vacant]--
	}
	if c.closed {
		c.changed.Broadcast()
	}
}

// closeValue closes the value of an entry in phase closing and settles it.
func (c *Cache[K, V]) closeValue(e *entry[K, V]) {
	c.runClose(e, func() {})
}

// runClose closes the value of an entry in phase closing. In the step in which the room
// comes free it calls then, with c.mu held; room that then does not take is dispatched.
// The books are right even if Options.Close panics or ends the goroutine.
func (c *Cache[K, V]) runClose(e *entry[K, V], then func()) {
	var err error
	defer func() {
		c.mu.Lock()
		var none V
		e.value, e.discarded = none, false
		e.wanted = !e.callers.empty() // who waits may want it: that cannot be too often
		e.door.reset()
		c.setPhase(e, vacant)
		c.closes++
		collect := c.closed
		if collect && err != nil {
			c.errs = append(c.errs, err)
		}
		then()
		c.settle(e)
		c.dispatch()
		c.mu.Unlock()
		if err != nil && !collect && c.opts.OnCloseError != nil {
			c.opts.OnCloseError(e.key, err)
		}
	}()
	err = c.opts.Close(e.key, e.value)
}
