package worker

import (
	"slices"

	"github.com/silokit/silo/tenantdb"
)

// lines are what waits: a line for each tenant that has work, and a queue of the tenants
// whose turn it may be. A tenant that has had a turn goes behind those that have not. They
// know nothing of goroutines.
type lines[T comparable] struct {
	options Options
	of      map[tenantdb.ID]*line[T]
	ready   []tenantdb.ID // those with work of which none runs, in the order of their turns
	waiting int           // pieces
	running int           // tenants
	closed  bool          // nothing more is taken
}

// line is what waits of one tenant, in order.
type line[T comparable] struct {
	waiting []T
	runs    bool
}

func newLines[T comparable](options Options) lines[T] {
	return lines[T]{options: options, of: map[tenantdb.ID]*line[T]{}}
}

// add puts a piece of a tenant's work behind its others.
func (l *lines[T]) add(id tenantdb.ID, piece T) error {
	one := l.of[id]
	switch {
	case l.closed:
		return ErrClosed
	case l.waiting >= l.options.Waiting, one != nil && len(one.waiting) >= l.options.WaitingOfOne:
		return ErrFull
	case one == nil:
		one = &line[T]{}
		l.of[id] = one
		l.ready = append(l.ready, id)
	}
	one.waiting = append(one.waiting, piece)
	l.waiting++
	return nil
}

// next returns what is to be begun now. It has begun then, until ended is called.
func (l *lines[T]) next() (id tenantdb.ID, piece T, ok bool) {
	if l.running >= l.options.Tenants || len(l.ready) == 0 {
		return id, piece, false
	}
	id, l.ready = l.ready[0], l.ready[1:]
	one := l.of[id]
	piece = one.waiting[0]
	one.waiting = slices.Delete(one.waiting, 0, 1)
	one.runs = true
	l.waiting--
	l.running++
	return id, piece, true
}

// ended says that a tenant's work which next returned has ended.
func (l *lines[T]) ended(id tenantdb.ID) {
	one := l.of[id]
	one.runs = false
	l.running--
	if len(one.waiting) == 0 {
		delete(l.of, id)
		return
	}
	l.ready = append(l.ready, id)
}

// remove takes a piece away, and reports whether it still waited.
func (l *lines[T]) remove(id tenantdb.ID, piece T) bool {
	one := l.of[id]
	if one == nil {
		return false
	}
	i := slices.Index(one.waiting, piece)
	if i < 0 {
		return false
	}
	one.waiting = slices.Delete(one.waiting, i, i+1)
	l.waiting--
	if len(one.waiting) == 0 && !one.runs {
		delete(l.of, id)
		l.ready = slices.DeleteFunc(l.ready, func(other tenantdb.ID) bool { return other == id })
	}
	return true
}
