package lease

import (
	"context"
	"errors"
	"fmt"
)

var (
	// ErrClosed is returned by [Cache.Acquire] and [Cache.Evict] once [Cache.Close] was
	// called, also to those that were waiting then.
	ErrClosed = errors.New("lease: the cache is closed")

	// ErrFull is returned by [Cache.Acquire], together with the cause for which its
	// context ended, when every value stayed in use until then.
	ErrFull = errors.New("lease: every value is in use")
)

// ended says why a call whose context ended did not get what it waited for. The result
// matches the context's cause and, where that is another error, the context's own.
func ended(ctx context.Context, reason error) error {
	cause, err := context.Cause(ctx), ctx.Err()
	if errors.Is(cause, err) {
		return fmt.Errorf("%w: %w", reason, cause)
	}
	return fmt.Errorf("%w: %w (%w)", reason, cause, err)
}

// Reasons that go with a context's error. Nobody needs to tell them apart.
var (
	errWaiting  = errors.New("lease: waiting for a value that is being opened or closed")
	errEvicting = errors.New("lease: waiting for a value to be given back")
	errTurn     = errors.New("lease: waiting while others are opened")
	errNotBegun = errors.New("lease: not opened")
)
