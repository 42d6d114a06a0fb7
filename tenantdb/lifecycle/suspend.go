package lifecycle

import (
	"context"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// SuspendOptions say how a tenant is suspended. The zero value closes it without a reason.
type SuspendOptions struct {
	// Suspension says what is still allowed. Defaults to [catalog.Closed]: nothing.
	Suspension catalog.Suspension

	// Reason is for people; callers that are refused see it.
	Reason string
}

// Suspend lets nobody resolve the tenant, or only to read. Calls that are under way end as
// they would have. Of a tenant that is closed, each process that has it open, with a catalog, closes
// the file within a second, as soon as the last call has ended; handles that were
// resolved before are refused from then on. Of one that may be read they stay as they are. A tenant that
// is suspended already is suspended in the new way; if that is the same, nothing changes.
func (m *Manager[S]) Suspend(ctx context.Context, id tenantdb.ID, o SuspendOptions) (catalog.Tenant, error) {
	if o.Suspension == "" {
		o.Suspension = catalog.Closed
	}
	return m.change(ctx, OpSuspend, id, catalog.Change{State: catalog.Suspended, Suspension: o.Suspension, Reason: o.Reason})
}

// Resume makes a tenant that is suspended or quarantined active again. Of an active one it
// changes nothing.
func (m *Manager[S]) Resume(ctx context.Context, id tenantdb.ID) (catalog.Tenant, error) {
	return m.change(ctx, OpResume, id, catalog.Change{State: catalog.Active})
}

// Quarantine lets nobody resolve a tenant whose file is not to be trusted, until Resume.
func (m *Manager[S]) Quarantine(ctx context.Context, id tenantdb.ID, reason string) (catalog.Tenant, error) {
	return m.change(ctx, OpQuarantine, id, catalog.Change{State: catalog.Quarantined, Reason: reason})
}

// change gives a usable tenant another state, in one commit.
func (m *Manager[S]) change(ctx context.Context, op Operation, id tenantdb.ID, to catalog.Change) (after catalog.Tenant, err error) {
	to = within(to, "") // a Restore that has died is over
	err = m.on(ctx, op, id, func(ctx context.Context) error {
		before, err := m.usable(ctx, id)
		if err != nil {
			return err
		}
		if before.State == to.State && before.Suspension == to.Suspension && before.Reason == to.Reason && before.Operation == "" {
			after = before
			return m.catalog.Record(ctx, entry(op, id, ResultOK, detail{"changed": false}))
		}
		m.step("set state")
		return m.catalog.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
			if after, err = tx.SetState(ctx, id, before.Generation, to); err != nil {
				return err
			}
			return tx.Record(ctx, entry(op, id, ResultOK, detail{"reason": to.Reason, "suspension": to.Suspension}))
		})
	})
	return after, err
}
