package lease

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Options says how a [Cache] works. Limit and Close are required.
type Options[K comparable, V any] struct {
	// Limit is the number of values that may exist at once, those being opened and
	// those being closed included. It must be greater than 0.
	Limit int

	// Opening is the number of values that may be opened at once, the closing of others
	// to make room for them included. 0 means as many as there is room for. Callers of
	// values that are open do not wait for it.
	Opening int

	// IdleAfter is for how long a value stays open that nobody uses. 0 means 10 minutes;
	// a negative duration means for as long as there is room.
	IdleAfter time.Duration

	// SweepEvery is how much longer than IdleAfter a value may stay, and the time it
	// takes to close others. Idle values are looked for that often, or somewhat more
	// often, so that IdleAfter is a multiple of the time between. 0 or less means 1
	// minute.
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

// Cache keeps values open under keys while they are in use and as long as there is room
// afterwards. Its methods may be called from any goroutine. [New]
// makes one; [Cache.Close] ends it.
type Cache[K comparable, V any] struct {
	opts       Options[K, V]
	sweepEvery time.Duration // between two sweeps, at least
	idleSweeps int           // times sweepEvery is IdleAfter, or a little more
	stop       chan struct{} // closed by the first Close; ends the reaper
	reaped     chan struct{} // closed when the reaper has ended

	// wanting is true while a key that could use room waits for some that there is
	// not: then whoever gives a value's last lease back tells dispatch. It is written
	// with mu held and read without; dispatch says why that is sound.
	wanting atomic.Bool

	_ [64]byte // so that the use of mu does not slow the readers of wanting down

	// mu guards everything below, every waiter, and every entry but for its door's
	// leases. It is held for some steps only, or one for each value: never while
	// opening, closing or reporting, and never while waiting. It is not held to lease
	// a value that is open, nor to give it back, unless someone waits for that.
	mu      sync.Mutex
	entries map[K]*entry[K, V]
	kept    list[*entry[K, V]] // what is open, in the order of seen; the first goes first
	queue   list[*entry[K, V]] // keys whose callers wait for room, in order
	sweeps  int                // sweeps that were made, and so the number of the next
	closed  bool               // Close was called
	changed sync.Cond          // with mu; told when something happens that a Close waits for
	errs    []error            // what Options.Close returned since Close was called

	count                                  [phases]int // entries in each phase
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
		stop:    make(chan struct{}),
		reaped:  make(chan struct{}),
		entries: make(map[K]*entry[K, V]),
	}
	c.changed.L = &c.mu
	if opts.IdleAfter < 0 {
		close(c.reaped)
	} else {
		// Both divisions round up: a value may stay a little longer, never shorter. And
		// a very short IdleAfter is no reason to do nothing but sweep.
		idle := max(opts.IdleAfter, min(opts.SweepEvery, time.Millisecond)/2)
		n := (idle-1)/opts.SweepEvery + 1
		c.idleSweeps, c.sweepEvery = int(n), (idle-1)/n+1
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
// If there is no room an idle value is closed to make some: of those that were not leased
// since they were last looked at the one that was opened, or last seen in use, first. If
// all have been, that is the order, too. Values are looked at when room is made and when
// idle ones are looked for. The first lease, for which a value was opened, does not count
// here, so that values that are used once do not drive out those used often. If all
// are in use, or as many are being opened as may be, keys wait strictly in order, each in one place however many
// callers it has, until a value is given back, the caller's context ends (an error that
// matches the context's cause, and [ErrFull] too if it was for room), or the cache is closed ([ErrClosed]).
//
// The context ends only the waiting, and open if that heeds it. A value that is open and
// free to use is leased even to a caller whose context has ended, and closing another
// value to make room is not interrupted.
//
// A caller that holds one lease and waits for another can wait for ever: room may depend
// on what it holds.
func (c *Cache[K, V]) Acquire(ctx context.Context, key K, open func(context.Context) (V, error)) (Lease[K, V], error) {
	return c.acquire(ctx, key, wanted, open)
}

// AcquireOnce is Acquire for who goes through many keys and uses each for a moment: what only
// such callers have asked for is closed by [Cache.DiscardUnwanted].
func (c *Cache[K, V]) AcquireOnce(ctx context.Context, key K, open func(context.Context) (V, error)) (Lease[K, V], error) {
	return c.acquire(ctx, key, passing, open)
}

// interest says whether a caller is likely to come back.
type interest uint8

const (
	wanted interest = iota
	passing
)

func (c *Cache[K, V]) acquire(ctx context.Context, key K, why interest, open func(context.Context) (V, error)) (Lease[K, V], error) {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return Lease[K, V]{}, ErrClosed
	}
	e := c.entries[key]
	if e == nil {
		e = c.addEntry(key)
	}
	if why == wanted {
		e.wanted = true
	}
	if e.door.enter() {
		c.mu.Unlock()
		return Lease[K, V]{e}, nil
	}
	w := newWaiter(e)
	c.pushCaller(w)
	c.settle(e)
	c.dispatch()
	c.mu.Unlock()

	if err := c.await(ctx, w, c.withdrawCaller); err != nil {
		return Lease[K, V]{}, err
	}
	switch w.word {
	case served:
		return Lease[K, V]{e}, nil
	case failed:
		return Lease[K, V]{}, w.err
	default:
		return c.open(ctx, w, open)
	}
}

// Each calls f with each value that is open, in no order to rely on. Values that are being
// opened or closed are left out. The cache waits for f: it must be done in some steps, and not call the cache.
func (c *Cache[K, V]) Each(f func(K, V)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k := c.kept.first; k != nil; k = k.next {
		f(k.item.key, k.item.value)
	}
}

// Stat returns how things stand.
func (c *Cache[K, V]) Stat() Stat {
	c.mu.Lock()
	defer c.mu.Unlock()
	inUse := 0
	for k := c.kept.first; k != nil; k = k.next {
		if !k.item.door.empty() {
			inUse++
		}
	}
	return Stat{
		Limit:        c.opts.Limit,
		Open:         c.count[opened],
		InUse:        inUse,
		Idle:         c.count[opened] - inUse,
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
		// All doors first: once one call was told ErrClosed, no other gets a lease.
		for k := c.kept.first; k != nil; k = k.next {
			k.item.door.shut()
		}
		for _, e := range c.entries {
			c.turnAway(e)
		}
	}
	for len(c.entries) > 0 {
		e := c.unused()
		if e == nil {
			c.changed.Wait()
			continue
		}
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

// unused returns an entry whose value is open and not leased, or nil. As the cache is
// closed its door is shut, and it stays unused. c.mu is held.
func (c *Cache[K, V]) unused() *entry[K, V] {
	for k := c.kept.first; k != nil; k = k.next {
		if k.item.door.empty() {
			return k.item
		}
	}
	return nil
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
