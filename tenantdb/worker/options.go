package worker

import "context"

// Options are the bounds of a Pool, and who hears of failures. The zero value means the
// defaults.
type Options struct {
	// Tenants is of how many tenants work runs at once. Defaults to 16.
	Tenants int

	// Waiting is how many pieces of work may wait for their turn, those of all tenants
	// together. Defaults to 1024.
	Waiting int

	// WaitingOfOne is how many of one tenant's may. Defaults to 64.
	WaitingOfOne int

	// Failed is told how work ended that was given to Submit, unless it succeeded: with the
	// work's error, a [*PanicError], [ErrGoexit], why its tenant was not resolved, or why the
	// Pool's context has ended. ctx carries the tenant. It is called by the goroutine that ran
	// the work, whose tenant has no other turn until it returns. If it panics, both are told to
	// slog.Default(), and the Pool goes on. Defaults to an entry of level Error there.
	Failed func(ctx context.Context, err error)
}

func (o Options) withDefaults() Options {
	for _, bound := range []struct {
		value    *int
		standard int
	}{{&o.Tenants, 16}, {&o.Waiting, 1024}, {&o.WaitingOfOne, 64}} {
		if *bound.value <= 0 {
			*bound.value = bound.standard
		}
	}
	if o.Failed == nil {
		o.Failed = logFailed
	}
	return o
}
