package fleet

import (
	"context"
	"errors"
	"sync"

	"github.com/silokit/silo/tenantdb"
)

// work is done to many tenants, some at once. What is done to each has a T for its result.
type work[T any] struct {
	workers     int
	maxFailures int // 0: as many as there are

	// done is called with each tenant that is done, by one goroutine at a time.
	done func(id tenantdb.ID, result T, err error)
}

// run calls f for each tenant, on a goroutine of its own: one that f ends by runtime.Goexit is
// this tenant's alone. It returns when all of them have ended.
func (w work[T]) run(ctx context.Context, ids []tenantdb.ID, f func(ctx context.Context, id tenantdb.ID) (T, error)) error {
	var (
		mu      sync.Mutex // guards all, and is held while done is called
		all     PartialError
		running sync.WaitGroup
	)
	places := make(chan struct{}, w.workers)
	stopped := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return w.maxFailures > 0 && len(all.Failed) >= w.maxFailures
	}
	for _, id := range ids {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil || stopped() {
			break
		}
		running.Go(func() {
			defer func() { <-places }()
			var result T
			err := errAbandoned
			defer func() {
				if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
					return // it was not tried to its end
				}
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					all.Failed = append(all.Failed, &TenantError{Tenant: id, Err: err})
				} else {
					all.Done++
				}
				w.done(id, result, err)
			}()
			result, err = f(ctx, id)
		})
	}
	running.Wait()
	all.Left = len(ids) - all.Done - len(all.Failed)
	var err error
	if len(all.Failed) > 0 {
		err = &all
		if w.maxFailures > 0 && len(all.Failed) >= w.maxFailures && all.Left > 0 {
			err = errors.Join(ErrStopped, err)
		}
	}
	if ctx.Err() != nil {
		err = errors.Join(context.Cause(ctx), err)
	}
	return err
}
