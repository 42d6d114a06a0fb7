package lease

// phase is where a key's value is in its life.
type phase uint8

const (
	vacant     phase = iota // there is no value and nobody makes one
	makingRoom              // a caller closes another value, and will open this one in its room
	opening                 // a caller opens it
	opened                  // it is open, and in Cache.kept
	closing                 // a goroutine closes it
	phases
)

// entry is what the cache knows of a key. It is in the cache's map from the first call
// that names the key until there is neither value nor caller. It never comes back into
// the map: the key gets another one. So a Ref to an entry that was dropped finds its
// turnstile shut, for ever.
type entry[K comparable, V any] struct {
	cache *Cache[K, V] // set once
	door  turnstile    // through which the value is leased; open while usable

	// value is written with Cache.mu held, while the door is shut and empty and the
	// phase is not closing. It is read without a lock by those with a lease, to whom
	// the door has passed it on, and by the one who closes it.
	value V

	// Cache.mu guards all that follows.
	key       K // set once; those who open and close read it without the lock
	phase     phase
	discarded bool // to be closed instead of kept, once nobody leases it
	evicting  bool // the first of evictors is at work
	wanted    bool // not only AcquireOnce has asked for the value
	seen      int  // number of the sweep before which it was last known to be used

	callers  list[*waiter[K, V]] // waiting Acquires, in order
	evictors list[*waiter[K, V]] // waiting Evicts, in order, and the one at work

	kept  link[*entry[K, V]] // in Cache.kept: open
	place link[*entry[K, V]] // in Cache.queue: callers wait and nobody opens for them
}

// fenced reports whether new callers have to wait for an Evict.
func (e *entry[K, V]) fenced() bool { return !e.evictors.empty() }

// usable reports whether the value may be leased.
func (e *entry[K, V]) usable() bool {
	return e.phase == opened && !e.discarded && !e.fenced() && !e.cache.closed
}

// ready reports whether the value may be opened as soon as there is room for it.
func (e *entry[K, V]) ready() bool { return e.phase == vacant && !e.fenced() }

// nextCaller returns the first caller that need not wait for an Evict, or nil.
func (e *entry[K, V]) nextCaller() *waiter[K, V] {
	for k := e.callers.first; k != nil; k = k.next {
		if !e.fenced() || !k.item.late {
			return k.item
		}
	}
	return nil
}
