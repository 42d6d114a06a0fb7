package lifecycle

import (
	"context"
	"errors"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// aloneRetry is how often other processes are asked whether they have closed a tenant.
const aloneRetry = 50 * time.Millisecond

// alone calls f until no other process has the tenant open, for as long as
// Options.WaitElsewhere says. The tenant's state is one in which nobody may use it, so that
// services close it.
func (p *place) alone(ctx context.Context, f func() error) error {
	err := f()
	if p.options.WaitElsewhere < 0 || !errors.Is(err, tenantdb.ErrTenantOpenElsewhere) {
		return err
	}
	timeout := time.NewTimer(p.options.WaitElsewhere)
	defer timeout.Stop()
	again := time.NewTicker(aloneRetry)
	defer again.Stop()
	for errors.Is(err, tenantdb.ErrTenantOpenElsewhere) {
		select {
		case <-ctx.Done():
			return errors.Join(err, context.Cause(ctx))
		case <-timeout.C:
			return err
		case <-again.C:
			err = f()
		}
	}
	return err
}

// closed calls f, and if another process has the tenant open, closes the tenant for as long, and
// calls it again. The tenant's lock is held.
func (m *Manager[S]) closed(ctx context.Context, op Operation, id tenantdb.ID, f func() error) error {
	err := f()
	if m.options.WaitElsewhere < 0 || !errors.Is(err, tenantdb.ErrTenantOpenElsewhere) {
		return err
	}
	is, knownErr := m.known(ctx, id)
	if knownErr != nil {
		return errors.Join(err, knownErr)
	}
	if is.State == catalog.Quarantined || is.State == catalog.Suspended && is.Suspension == catalog.Closed {
		return m.alone(ctx, f)
	}
	m.step("close it for others")
	was := beforeOf(is)
	restoring := catalog.Change{State: catalog.Suspended, Reason: "it is being restored"}
	is, err = m.begin(ctx, op, is, within(restoring, catalog.Restoring), detail{"before": was})
	if err != nil {
		return err
	}
	err = m.alone(ctx, f)
	opening, cancel := afterwards(ctx)
	defer cancel()
	m.step("open it for others")
	_, openErr := m.catalog.SetState(opening, id, is.Generation, was.change())
	return errors.Join(err, openErr)
}

// reopen ends what a Restore that died has closed. The tenant's lock is held.
func (m *Manager[S]) reopen(ctx context.Context, is catalog.Tenant) error {
	was, err := m.wasBefore(ctx, is.ID, OpRestore)
	if err != nil {
		return err
	}
	_, err = m.catalog.SetState(ctx, is.ID, is.Generation, was.change())
	return err
}
