package lease

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Options says how a [Cache] works. Limit and Close are required.
type Options[K comparable, V any] struct {
	// Limit is the number of values that may exist at once, those being opened and
	// those being closed included. It must be greater than 0.
	Limit int

	// IdleAfter is for how long a value stays open that nobody uses. 0 means 10 minutes;
	// a negative duration means for as long as there is room.
	IdleAfter time.Duration

	// SweepEvery is how often idle values are looked for, and so how much longer than
	// IdleAfter one may stay. 0 or less means 1 minute.
	SweepEvery time.Duration

	// Close closes a value. It is called once for each value that was opened, never
	// while the value is leased, from any goroutine that uses the cache, and must not
	// call the cache for the same key, nor its Close. The value counts as closed when it
	// returns, whatever it returns.
	Close func(K, V) error

	// OnCloseError, if not nil, is given the errors of Close that no call returns:
	// Cache.Close returns those of the values that were closed after it was called.
	OnCloseError func(K, error)
}

// Cache keeps values open under keys while they are in use and, least recently used
// first, as long as there is room. Its methods may be called from any goroutine. [New]
// makes one; [Cache.Close] ends it.
type Cache[K comparable, V any] struct {
	opts   Options[K, V]
	start  time.Time     // what entry.idleSince counts from
	stop   chan struct{} // closed by the first Close; ends the reaper
	reaped chan struct{} // closed when the reaper has ended

	// mu guards everything below and every entry, hold and waiter. It is held for a few
	// steps only: never while opening, closing or reporting, and never while waiting.
	mu      sync.Mutex
	entries map[K]*entry[K, V]
	idle    list[*entry[K, V]] // open and not in use, least recently used first
	queue   list[*entry[K, V]] // keys whose callers wait for room, in order
	holds   *hold[K, V]        // holds that stand for no lease
	closed  bool               // Close was called
	changed sync.Cond          // with mu; told when something happens that a Close waits for
	errs    []error            // what Options.Close returned since Close was called

	count                                  [phases]int // entries in each phase
	inUse                                  int         // entries that are leased
	waiting                                int         // callers in entries' lists
	opens, openFailures, closes, evictions uint64
}

// New makes an empty cache and, unless IdleAfter is negative, starts its one goroutine,
// which closes what is idle. It panics if Limit or Close is missing, for that is a
// mistake in the calling code.
func New[K comparable, V any](opts Options[K, V]) *Cache[K, V] {
	if opts.Limit <= 0 || opts.Close == nil {
		panic("lease: New needs a Limit greater than 0 and a Close function")
	}
	if opts.IdleAfter == 0 {
		opts.IdleAfter = 10 * time.Minute
	}
	if opts.SweepEvery <= 0 {
		opts.SweepEvery = time.Minute
	}
	c := &Cache[K, V]{
		opts:    opts,
		start:   time.Now(),
		stop:    make(chan struct{}),
		reaped:  make(chan struct{}),
		entries: make(map[K]*entry[K, V]),
	}
	c.changed.L = &c.mu
	if opts.IdleAfter < 0 {
		close(c.reaped)
	} else {
		go c.reap()
	}
	return c
}

// Acquire leases the value of a key. If there is none it is opened by open, which runs on
// the goroutine of one caller, with that caller's context, while the others that want the
// key wait for it. What it returns is then everyone's: the value, or the error, which is
// not remembered. But if it failed after the opener's context ended, or did not return at
// all, the next caller in line opens the value with a context and an open of its own.
//
// If there is no room the least recently used idle value is closed to make some. If all
// are in use, keys wait for room strictly in order, each in one place however many
// callers it has, until a value is given back, the caller's context ends (an error that
// matches both [ErrFull] and the context's cause), or the cache is closed ([ErrClosed]).
//
// The context ends only the waiting, and open if that heeds it. A value that is open and
// free to use is leased even to a caller whose context has ended, and closing another
// value to make room is not interrupted.
//
// A caller that holds one lease and waits for another can wait for ever: room may depend
// on what it holds.
func (c *Cache[K, V]) Acquire(ctx context.Context, key K, open func(context.Context) (V, error)) (Lease[K, V], error) {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return Lease[K, V]{}, ErrClosed
	}
	e := c.entries[key]
	if e != nil && e.usable() {
		l := c.lease(e)
		c.mu.Unlock()
		return l, nil
	}
	if e == nil {
		e = c.addEntry(key)
	}
	w := newWaiter(e)
	c.pushCaller(w)
	c.settle(e)
	c.dispatch()
	c.mu.Unlock()

	if err := c.await(ctx, w); err != nil {
		return Lease[K, V]{}, err
	}
	switch w.word {
	case served:
		return w.lease, nil
	case failed:
		return Lease[K, V]{}, w.err
	default:
		return c.open(ctx, w, open)
	}
}

// Stat returns how things stand.
func (c *Cache[K, V]) Stat() Stat {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stat{
		Limit:        c.opts.Limit,
		Open:         c.count[opened],
		InUse:        c.inUse,
		Idle:         c.count[opened] - c.inUse,
		Opening:      c.count[opening],
		Closing:      c.count[closing],
		Waiting:      c.waiting,
		Opens:        c.opens,
		OpenFailures: c.openFailures,
		Closes:       c.closes,
		Evictions:    c.evictions,
	}
}

// Close refuses new calls of Acquire and Evict at once and wakes those that wait, with
// [ErrClosed]. It waits until every lease is given back and every opening, closing and
// Evict under way has ended, closes all values, joins the cache's goroutine, and returns
// the joined errors of the values that were closed since. It may be called more than once
// and at the same time: each call waits for the end and returns the same errors. It must
// not be called by one who holds a lease, for it would wait for itself.
func (c *Cache[K, V]) Close() error {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		close(c.stop)
		for _, e := range c.entries {
			c.turnAway(e)
		}
	}
	for len(c.entries) > 0 {
		if c.idle.empty() {
			c.changed.Wait()
			continue
		}
		e := c.idle.first.item
		c.setPhase(e, closing)
		c.mu.Unlock()
		c.closeValue(e)
		c.mu.Lock()
	}
	c.mu.Unlock()
	<-c.reaped
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(c.errs...)
}

// turnAway tells everyone who waits for the key that the cache is closed, except an Evict
// that is at work. c.mu is held.
func (c *Cache[K, V]) turnAway(e *entry[K, V]) {
	for !e.callers.empty() {
		w := e.callers.first.item
		c.popCaller(w)
		w.err = ErrClosed
		w.tell(failed)
	}
	for k := e.evictors.first; k != nil; {
		w := k.item
		k = k.next
		if w.word == nothing {
			w.link.remove()
			w.err = ErrClosed
			w.tell(failed)
		}
	}
	c.settle(e)
}
