package slots

import (
	"context"
	"errors"
	"math/bits"
	"sync"
	"sync/atomic"
	"time"
)

// ErrWaited is returned by Take when its wait is over.
var ErrWaited = errors.New("no place became free in time")

// Most is the largest number of places.
const Most = 32

// Slots are the places. They are made by [New].
type Slots struct {
	limit   int
	free    atomic.Uint32 // a bit for each place that is filled and that nobody has
	waiting atomic.Int32  // the length of queue, for who looks without the lock

	mu     sync.Mutex // guards what follows; nothing is waited for under it
	filled uint32     // a bit for each place that is filled, or that somebody fills
	queue  []*waiter  // who waits, in order
}

// waiter is a call of Take that waits.
type waiter struct {
	granted chan struct{} // closed, under Slots.mu, with the fields below set
	place   int
	filled  bool
}

// New returns so many places, of which none is filled.
func New(limit int) *Slots {
	if limit < 1 || limit > Most {
		panic("slots: a limit of 1 to 32 is wanted")
	}
	return &Slots{limit: limit}
}

// Take takes a place: one that is free, else one that was never filled, which the caller
// fills, else the next that is given back. It waits for that until wait is over
// ([ErrWaited]) or ctx ends (the context's error). The caller gives it back with
// [Slots.Give], or with [Slots.Empty] if there is nothing in it.
func (s *Slots) Take(ctx context.Context, wait time.Duration) (place int, filled bool, err error) {
	if s.waiting.Load() == 0 {
		if place, ok := s.takeFree(); ok {
			return place, true, nil
		}
	}
	w := s.join()
	select {
	case <-w.granted: // most often at once
		return w.place, w.filled, nil
	default:
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-w.granted:
		return w.place, w.filled, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = ErrWaited
	}
	if s.leave(w) {
		return 0, false, err
	}
	return w.place, w.filled, nil // it was granted meanwhile
}

// takeFree takes the free place of the lowest number: who comes one after the other gets
// the same.
func (s *Slots) takeFree() (place int, ok bool) {
	for {
		free := s.free.Load()
		if free == 0 {
			return 0, false
		}
		if s.free.CompareAndSwap(free, free&(free-1)) {
			return bits.TrailingZeros32(free), true
		}
	}
}

// TakeIf takes a place if it is filled and free. Callers that wait go first.
func (s *Slots) TakeIf(place int) bool {
	for s.waiting.Load() == 0 {
		free := s.free.Load()
		if free&(1<<place) == 0 {
			return false
		}
		if s.free.CompareAndSwap(free, free&^(1<<place)) {
			return true
		}
	}
	return false
}

// Give gives a filled place back.
func (s *Slots) Give(place int) {
	s.free.Or(1 << place)
	// Who joins the queue counts itself before it looks for free places, and here the
	// place is free before the count is looked at: one of the two sees the other.
	if s.waiting.Load() > 0 {
		s.mu.Lock()
		s.serve()
		s.mu.Unlock()
	}
}

// Empty gives back a place in which there is nothing, or nothing any more.
func (s *Slots) Empty(place int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.filled &^= 1 << place
	s.serve()
}

// join puts the caller at the end of the queue, and serves it if it is alone in it and
// there is a place.
func (s *Slots) join() *waiter {
	w := &waiter{granted: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, w)
	s.waiting.Add(1)
	s.serve()
	return w
}

// leave takes the waiter out of the queue. It is false when it has its place already.
func (s *Slots) leave(w *waiter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.queue {
		if other == w {
			s.queue = append(s.queue[:i], s.queue[i+1:]...)
			s.waiting.Add(-1)
			return true
		}
	}
	return false
}

// serve grants places to those who wait, as long as there are any. s.mu is held.
func (s *Slots) serve() {
	for len(s.queue) > 0 {
		w := s.queue[0]
		if place, ok := s.takeFree(); ok {
			w.place, w.filled = place, true
		} else if place := bits.TrailingZeros32(^s.filled); place < s.limit {
			s.filled |= 1 << place
			w.place = place
		} else {
			return
		}
		s.queue = s.queue[1:]
		s.waiting.Add(-1)
		close(w.granted)
	}
	s.queue = nil
}
