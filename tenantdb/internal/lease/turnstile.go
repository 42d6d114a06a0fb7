package lease

import "sync/atomic"

// turnstile counts the leases of one value and says whether there may be more of them,
// in one atomic word. So a value that is open is leased and given back without a lock,
// and yet never closed while it is leased: who closes it finds nobody within, and has shut
// the turnstile before, or does so in the same step.
//
// Anyone may enter and leave. All else is done with Cache.mu held: while it is held an
// open turnstile stays open and a shut one shut, and in a shut one leases only get fewer.
// The zero turnstile is shut and empty.
type turnstile struct{ word atomic.Int64 }

// The parts of a turnstile's word.
const (
	isOpen  int64 = 1 << iota // values may be leased through it
	touched                   // somebody did since it was last looked at
	lessee                    // one lease; the rest of the word counts them
)

// enter adds a lease if the turnstile is open.
func (t *turnstile) enter() bool {
	for {
		word := t.word.Load()
		if word&isOpen == 0 {
			return false
		}
		if t.word.CompareAndSwap(word, (word|touched)+lessee) {
			return true
		}
	}
}

// leave ends a lease. It reports whether that was the last one, and whether the turnstile
// was shut then. The caller has no claim to the value any more: both may have changed.
func (t *turnstile) leave() (last, shut bool) {
	word := t.word.Add(-lessee)
	if word < 0 {
		t.word.Add(lessee)
		panic("lease: a lease was given back twice")
	}
	return word < lessee, word&isOpen == 0
}

// admit adds a lease though the turnstile is shut. It does not count as a touch: a value
// that was used once only, when it was opened, makes room before those used again.
func (t *turnstile) admit() { t.word.Add(lessee) }

func (t *turnstile) open() { t.word.Or(isOpen) }

func (t *turnstile) shut() { t.word.And(^isOpen) }

// empty reports whether there are no leases. If it is shut as well that stays so.
func (t *turnstile) empty() bool { return t.word.Load() < lessee }

// shutIfUnused shuts the turnstile if it is open and empty, and was not touched since it
// was last looked at.
func (t *turnstile) shutIfUnused() bool { return t.word.CompareAndSwap(isOpen, 0) }

// shutIfEmpty shuts the turnstile if it is open and empty.
func (t *turnstile) shutIfEmpty() bool {
	return t.shutIfUnused() || t.word.CompareAndSwap(isOpen|touched, 0)
}

// reset makes the turnstile, which is shut and empty, like a new one.
func (t *turnstile) reset() { t.word.Store(0) }

// look reports whether the value was leased at any time since the turnstile was last
// looked at, and is once more if it is now: the next look says yes, too.
func (t *turnstile) look() bool {
	for {
		word := t.word.Load()
		seen := word &^ touched
		if word >= lessee {
			seen = word | touched
		}
		if word == seen && word < lessee || t.word.CompareAndSwap(word, seen) {
			return word >= lessee || word&touched != 0
		}
	}
}
