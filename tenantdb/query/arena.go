package query

import "unsafe"

// arena copies the texts of one result into few pieces of memory: most are short, and an
// allocation each would cost more than the copying. The zero arena is empty.
type arena struct {
	piece []byte // what is left of it is its capacity
}

const (
	firstPiece = 64      // enough for the texts of most single rows
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
		size := firstPiece
		if a.piece != nil {
			size = min(4*cap(a.piece), mostPiece)
		}
		a.piece = make([]byte, 0, max(size, n))
	}
	at := len(a.piece)
	a.piece = append(a.piece, view...)
	// Sound, for these bytes are never written again: what follows is appended behind
	// them, within the capacity, so that they are not moved either. The text is a pointer
	// into the piece, which keeps it alive; a piece is of one result and not used again.
	return unsafe.String(&a.piece[at], n)
}
