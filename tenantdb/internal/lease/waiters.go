package lease

import "context"

// waiter is one call of Acquire or Evict that waits, or the reason why it need not.
type waiter[K comparable, V any] struct {
	entry *entry[K, V]
	link  link[*waiter[K, V]] // in entry.callers or entry.evictors
	late  bool                // came after an Evict, and waits for it
	woken chan struct{}       // closed with the fields below set, under Cache.mu

	word   word
	err    error        // with failed
	victim *entry[K, V] // with begin: what Acquire closes first, or nil
}

// word is what a waiter is told.
type word uint8

const (
	nothing word = iota // wait
	served              // Acquire: you have a lease of the entry's value
	begin               // Acquire: open the value; Evict: close it, if any, and go to work
	failed              // give up
)

func newWaiter[K comparable, V any](e *entry[K, V]) *waiter[K, V] {
	w := &waiter[K, V]{entry: e, woken: make(chan struct{})}
	w.link.item = w
	return w
}

// tell ends a waiter's wait. The fields that go with the word are set. c.mu is held.
func (w *waiter[K, V]) tell(s word) {
	w.word = s
	close(w.woken)
}

// pushCaller lets a caller wait for the key. c.mu is held.
func (c *Cache[K, V]) pushCaller(w *waiter[K, V]) {
	w.late = w.entry.fenced()
	w.entry.callers.push(&w.link)
	c.waiting++
}

// popCaller ends that wait, because the caller is about to be told, or gave up. c.mu is
// held.
func (c *Cache[K, V]) popCaller(w *waiter[K, V]) {
	w.link.remove()
	c.waiting--
}

// await waits until the waiter is told something or its context ends, and returns an
// error only in the second case: withdraw, called with c.mu held, has ended the wait then and
// says what it was for. What the waiter was told before it noticed that the context had
// ended stands: it may be work that others wait for.
func (c *Cache[K, V]) await(ctx context.Context, w *waiter[K, V], withdraw func(*waiter[K, V]) (reason error)) error {
	select {
	case <-w.woken:
		return nil
	case <-ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if w.word != nothing {
		return nil
	}
	return ended(ctx, withdraw(w))
}

// withdrawCaller ends the wait of an Acquire that gives up. c.mu is held.
func (c *Cache[K, V]) withdrawCaller(w *waiter[K, V]) (reason error) {
	reason = errWaiting
	switch {
	case !w.entry.ready():
	case c.busyOpening():
		reason = errTurn
	default:
		reason = ErrFull
	}
	c.popCaller(w)
	c.settle(w.entry)
	return reason
}

// dispatch gives what room there is, or can be made, to the keys in the queue, in their
// order. A key whose old value is not closed yet, or which an Evict holds, keeps its
// place and lets the next one go first: it could not use the room. c.mu is held.
//
// It is called wherever room may have come free and wherever a key may have begun to be
// in want of it, except when a value's last lease is given back: that is seen to without
// the lock, if nobody is in want. No key is forgotten all the same. dispatch first says
// that one is in want, and then looks for values that are not leased; who gives a last
// lease back ends it first, and then asks whether one is in want. These four steps are
// atomic and so in one order for all. If dispatch found the value leased, its look came
// before the lease's end, and the saying before the asking: the answer is yes, and
// dispatch is called again, unless another dispatch has found meanwhile that there is
// nobody in want any more.
//
// Between a lease's end and that dispatch somebody may lease the value anew. Then it is
// his giving it back that tells the next dispatch, and he needs the lock for it: who
// leases a value over and over cannot keep those away who wait.
func (c *Cache[K, V]) dispatch() {
	for k := c.queue.first; k != nil; {
		e := k.item
		k = k.next
		if !e.ready() {
			continue
		}
		if c.busyOpening() {
			return // the end of each opening dispatches
		}
		var victim *entry[K, V]
		if c.count[opening]+c.count[opened]+c.count[closing] >= c.opts.Limit {
			c.wanting.Store(true)
			if victim = c.victim(); victim == nil {
				return
			}
		}
		c.begin(e, victim)
	}
	if c.wanting.Load() {
		c.wanting.Store(false)
	}
}

// busyOpening reports whether as many values are being opened as may be. c.mu is held.
func (c *Cache[K, V]) busyOpening() bool {
	return c.opts.Opening > 0 && c.count[makingRoom]+c.count[opening] >= c.opts.Opening
}

// begin makes the key's first caller open its value. The entry has a ready caller. c.mu
// is held.
func (c *Cache[K, V]) begin(e *entry[K, V], victim *entry[K, V]) {
	w := e.nextCaller()
	c.popCaller(w)
	if victim != nil {
		c.setPhase(e, makingRoom)
	} else {
		c.setPhase(e, opening)
	}
	c.settle(e)
	w.victim = victim
	w.tell(begin)
}
