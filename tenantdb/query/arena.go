package query

import "unsafe"

// arena copies the texts of one result into few pieces of memory: most are short, and an
// allocation each would cost more than the copying. The zero arena is empty.
type arena struct {
	piece []byte // what is left of it is its capacity
	used  int    // how many bytes are in the pieces before it
	first int    // the size of the first piece; 0 where nothing is known
}

const (
	firstPiece = 64      // where nothing is known
	mostPiece  = 4 << 10 // what a kept text may keep besides itself
	longText   = 512     // is copied by itself
)

// copy returns a copy of the bytes as text.
func (a *arena) copy(view []byte) string {
	n := len(view)
	switch {
	case n == 0:
		return ""
	case n > longText:
		return string(view)
	case cap(a.piece)-len(a.piece) < n:
		a.begin(n)
	}
	at := len(a.piece)
	a.piece = append(a.piece, view...)
	// Sound, for these bytes are never written again: what follows is appended behind
	// them, within the capacity, so that they are not moved either. The text is a pointer
	// into the piece, which keeps it alive; a piece is of one result and not used again.
	return unsafe.String(&a.piece[at], n)
}

// begin begins a piece that has room for n bytes.
func (a *arena) begin(n int) {
	size := firstPiece
	switch {
	case a.piece != nil:
		size = min(4*cap(a.piece), mostPiece)
	case a.first > 0:
		size = a.first
	}
	a.used += len(a.piece)
	a.piece = make([]byte, 0, max(size, n))
}

// next returns the arena for the statement's next result, which is expected to be about as
// long: most rows of a query are.
func (a *arena) next() arena {
	used := a.used + len(a.piece)
	if used == 0 {
		return arena{first: a.first}
	}
	const step = 16 // of the allocator's sizes, for those of the lengths that are small
	return arena{first: min((used+step-1)&^(step-1), mostPiece)}
}
