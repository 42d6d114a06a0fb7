package lifecycle

import (
	"context"
	"errors"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/registry"
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
	if err := m.exists(ctx, id); err != nil {
		return catalog.Tenant{}, err
	}
	registered, err := m.catalog.Register(ctx, catalog.Registration{ID: id})
	if err != nil {
		return catalog.Tenant{}, err
	}
	if found, err := m.lookAt(ctx, id); err == nil {
		_ = m.catalog.NoteSeen(ctx, id, found) // for people: that it could not be noted keeps nothing from being done
	}
	return registered, nil
}

// usable is known for operations that need a tenant which is whole: those that are being
// created or deleted, or are deleted, are a *catalog.StateError.
func (m *Manager[S]) usable(ctx context.Context, id tenantdb.ID) (catalog.Tenant, error) {
	t, err := m.known(ctx, id)
	if err == nil {
		err = refusal("", t)
	}
	return t, err
}

// within makes a change of state that of an operation, or with none that of its end.
func within(c catalog.Change, o catalog.Operation) catalog.Change {
	return c.Within(registry.Give(), o)
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
