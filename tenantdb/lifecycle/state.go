package lifecycle

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// find returns what the catalog has of the tenant, or nil.
func (m *Manager[S]) find(ctx context.Context, id tenantdb.ID) (*catalog.Tenant, error) {
	t, err := m.catalog.Get(ctx, id)
	switch {
	case errors.Is(err, catalog.ErrNotRegistered):
		return nil, nil //nolint:nilnil // nothing found is no error here
	case err != nil:
		return nil, err
	}
	return &t, nil
}

// hasFile reports whether there is a file of the tenant, whatever is in it and without looking:
// one that [tenantdb.Store.Exists] says is none, for it is marked, counts too.
func (m *Manager[S]) hasFile(ctx context.Context, id tenantdb.ID) (bool, error) {
	_, err := m.store.Unchanged(ctx, id, "")
	if errors.Is(err, tenantdb.ErrUnknownTenant) {
		return false, nil
	}
	return true, ctx.Err()
}

// known returns the catalog's entry of the tenant. One that has a file and no entry gets
// one. The tenant's lock is held.
func (m *Manager[S]) known(ctx context.Context, id tenantdb.ID) (catalog.Tenant, error) {
	t, err := m.find(ctx, id)
	if err != nil {
		return catalog.Tenant{}, err
	}
	if t != nil {
		return *t, nil
	}
	switch there, err := m.store.Exists(ctx, id); {
	case err != nil:
		return catalog.Tenant{}, err
	case !there:
		return catalog.Tenant{}, tenantdb.ErrUnknownTenant
	}
	return m.catalog.Register(ctx, catalog.Registration{ID: id})
}

// usable is known for operations that need a tenant which is whole: those that are being
// created or deleted, or are deleted, are a *catalog.StateError.
func (m *Manager[S]) usable(ctx context.Context, id tenantdb.ID) (catalog.Tenant, error) {
	t, err := m.known(ctx, id)
	if err != nil {
		return t, err
	}
	switch t.State {
	case catalog.Active, catalog.Suspended, catalog.Quarantined:
		return t, nil
	case catalog.Deleting:
		if t.Reason == erasing {
			return t, ErrErasing
		}
	case catalog.Creating, catalog.Deleted:
	}
	return t, &catalog.StateError{Tenant: id, State: t.State, Reason: t.Reason}
}

// checkReason refuses the reasons by which interrupted operations are told from others.
func checkReason(reason string) error {
	if reason == erasing || reason == restoring {
		return fmt.Errorf("%w: the reason %q is what a Manager says itself", catalog.ErrInvalid, reason)
	}
	return nil
}

// on runs an operation on one tenant: with its lock, between hooks.
func (m *Manager[S]) on(ctx context.Context, op Operation, id tenantdb.ID, f func(ctx context.Context) error) error {
	if id.IsZero() {
		return explain(op, id, tenantdb.ErrBadID)
	}
	return m.onOwner(ctx, op, id, f)
}

// onOwner is on for the global database too, if the ID is zero.
func (m *Manager[S]) onOwner(ctx context.Context, op Operation, id tenantdb.ID, f func(ctx context.Context) error) error {
	ctx, release, err := m.locks.take(ctx, id)
	if err != nil {
		return explain(op, id, err)
	}
	defer release()
	return explain(op, id, m.perform(ctx, Event{Operation: op, Tenant: id}, func(ctx context.Context) error {
		m.sweepWork(id)
		return f(ctx)
	}))
}
