package fleet

import (
	"context"
	"errors"
	"sync"

	"github.com/silokit/silo/tenantdb"
)

// work is done to many tenants, some at once.
type work struct {
	workers     int
	maxFailures int // 0: as many as there are

	// done is called with each tenant that is done, by one goroutine at a time.
	done func(id tenantdb.ID, err error)
}

// run calls f for each tenant, on a goroutine of its own: one that f ends by runtime.Goexit is
// this tenant's alone. It returns when all of them have ended.
func (w work) run(ctx context.Context, ids []tenantdb.ID, f func(ctx context.Context, id tenantdb.ID) error) error {
	var (
		mu      sync.Mutex // guards result, and is held while done is called
		result  PartialError
		running sync.WaitGroup
	)
	places := make(chan struct{}, w.workers)
	stopped := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return w.maxFailures > 0 && len(result.Failed) >= w.maxFailures
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
			err := errAbandoned
			defer func() {
				if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
					return // it was not tried to its end
				}
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					result.Failed = append(result.Failed, &TenantError{Tenant: id, Err: err})
				} else {
					result.Done++
				}
				w.done(id, err)
			}()
			err = f(ctx, id)
		})
	}
	running.Wait()
	result.Left = len(ids) - result.Done - len(result.Failed)
	var err error
	if len(result.Failed) > 0 {
		err = &result
		if w.maxFailures > 0 && len(result.Failed) >= w.maxFailures && result.Left > 0 {
			err = errors.Join(ErrStopped, err)
		}
	}
	if ctx.Err() != nil {
		err = errors.Join(context.Cause(ctx), err)
	}
	return err
}
