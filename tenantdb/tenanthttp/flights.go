package tenanthttp

import (
	"context"
	"sync"
)

// flights has what several requests want done for a tenant done by one of them at a time. The
// zero value is ready for use.
type flights struct {
	mu    sync.Mutex // guards under; nothing is waited for under it
	under map[string]chan struct{}
}

// do calls f, after those that are under way for the tenant; it waits until ctx ends, whose cause is
// the error then.
// What f does must be such that it may be done again.
func (f *flights) do(ctx context.Context, name string, call func() error) error {
	for {
		f.mu.Lock()
		other := f.under[name]
		if other == nil {
			break
		}
		f.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	mine := make(chan struct{})
	if f.under == nil {
		f.under = map[string]chan struct{}{}
	}
	f.under[name] = mine
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		delete(f.under, name)
		f.mu.Unlock()
		close(mine)
	}()
	return call()
}
