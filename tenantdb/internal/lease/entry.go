package lease

import "time"

// phase is where a key's value is in its life.
type phase uint8

const (
	vacant     phase = iota // there is no value and nobody makes one
	makingRoom              // a caller closes another value, and will open this one in its room
	opening                 // a caller opens it
	opened                  // it is open: leased, or in the list of idle ones
	closing                 // a goroutine closes it
	phases
)

// entry is what the cache knows of a key. It is in the cache's map from the first call
// that names the key until there is neither value nor caller. Cache.mu guards it, but
// for value, which is read without a lock by whoever opens or closes it.
type entry[K comparable, V any] struct {
	key       K
	value     V
	phase     phase
	leases    int           // leases out; 0 unless opened
	discarded bool          // to be closed instead of kept, once leases is 0
	evicting  bool          // the first of evictors is at work
	idleSince time.Duration // since Cache.start; while in Cache.idle

	callers  list[*waiter[K, V]] // waiting Acquires, in order
	evictors list[*waiter[K, V]] // waiting Evicts, in order, and the one at work

	idle  link[*entry[K, V]] // in Cache.idle: open, not leased, wanted by nobody
	place link[*entry[K, V]] // in Cache.queue: callers wait and nobody opens for them
}

// fenced reports whether new callers have to wait for an Evict.
func (e *entry[K, V]) fenced() bool { return !e.evictors.empty() }

// usable reports whether the value may be leased.
func (e *entry[K, V]) usable() bool { return e.phase == opened && !e.discarded && !e.fenced() }

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
