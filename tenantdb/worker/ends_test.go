package worker_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/worker"
)

func TestDoEndsWithThePoolsContextToo(t *testing.T) {
	ctx, end := context.WithCancelCause(t.Context())
	p, all := newPool(ctx, t, 1, worker.Options{})
	cause := errors.New("the service stops")
	begun := make(chan struct{})
	var both sync.WaitGroup
	both.Go(func() {
		err := p.Do(all[0].Context, func(ctx context.Context, _ *tenant.DB) error {
			close(begun)
			<-ctx.Done()
			return context.Cause(ctx)
		})
		if !errors.Is(err, cause) {
			t.Errorf("what runs: %v", err)
		}
	})
	<-begun
	both.Go(func() {
		if err := p.Do(all[0].Context, func(context.Context, *tenant.DB) error { t.Error("it ran"); return nil }); !errors.Is(err, cause) {
			t.Errorf("what waits: %v", err)
		}
	})
	end(cause)
	both.Wait()
}

func TestWhoIsToldOfAFailureGetsTheTenantAndNotTheRequestsEnd(t *testing.T) {
	told := make(chan error, 1)
	p, all := newPool(t.Context(), t, 1, worker.Options{Failed: func(ctx context.Context, _ error) {
		id, _ := tenantdb.TenantFrom(ctx)
		if id.String() != "t0" {
			t.Errorf("told of %q", id)
		}
		told <- ctx.Err()
	}})
	request, end := context.WithCancel(all[0].Context)
	err := p.Submit(request, func(context.Context, *tenant.DB) error {
		end()
		return errors.New("no paper")
	})
	if err := errors.Join(err, <-told); err != nil {
		t.Error(err)
	}
}

func TestNegativeBoundsAreTheDefaults(t *testing.T) {
	p, all := newPool(t.Context(), t, 1, worker.Options{Tenants: -1, Waiting: -1, WaitingOfOne: -1})
	if err := p.Do(all[0].Context, nothing); err != nil {
		t.Error(err)
	}
}
