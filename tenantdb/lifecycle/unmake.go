package lifecycle

import (
	"context"
	"errors"
	"log/slog"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// unmakeLeft is unmake for a creation that did not return. What fails is left to Doctor.
func (m *Manager[S]) unmakeLeft(ctx context.Context, id tenantdb.ID) {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	is, err := m.find(ctx, id)
	if err == nil && is != nil && is.State == catalog.Creating {
		err = m.unmake(ctx, *is)
	}
	if err != nil {
		m.options.Logger.Warn("lifecycle: a creation that panicked could not be undone", slog.String("tenant", id.String()), slog.Any("error", err))
	}
}

// makeWay undoes the creation that has died of a tenant which has an alias that another is to have, and
// reports whether it has. It waits for nobody: who has the lock of that tenant works on it.
func (m *Manager[S]) makeWay(ctx context.Context, alias catalog.Alias) (made bool) {
	err := m.ifLeft(ctx, alias.Tenant, func(ctx context.Context) (err error) {
		_, made, err = m.unmakeHalf(ctx, alias.Tenant)
		return err
	}, func() {})
	if err != nil {
		m.options.Logger.Warn("lifecycle: a creation that was interrupted could not be undone", slog.String("tenant", alias.Tenant.String()), slog.Any("error", err))
	}
	return made && err == nil
}

// unmakeHalf undoes the creation of a tenant, if it is still being created. Its lock is held, so that was begun by
// a process that died.
func (m *Manager[S]) unmakeHalf(ctx context.Context, id tenantdb.ID) (removed []tenantdb.ErasedFile, undone bool, err error) {
	is, err := m.find(ctx, id)
	if err != nil || is == nil || is.State != catalog.Creating {
		return nil, false, err
	}
	m.step("undo a creation")
	if removed, err = m.removeMade(ctx, id); err == nil {
		err = m.forget(ctx, *is)
	}
	if err == nil {
		m.note(ctx, OpMend, id, ResultOK, detail{"kind": FoundInterrupted})
	}
	return removed, err == nil, err
}

// unmake removes a tenant that is being created. Its lock is held.
func (m *Manager[S]) unmake(ctx context.Context, creating catalog.Tenant) error {
	m.step("remove the file")
	if _, err := m.removeMade(ctx, creating.ID); err != nil {
		return err
	}
	return m.forget(ctx, creating)
}

// removeMade removes what there is of a tenant that is being created: its file, and what a creation that died
// was building, which may be a copy of another tenant. Its lock is held.
func (m *Manager[S]) removeMade(ctx context.Context, id tenantdb.ID) (removed []tenantdb.ErasedFile, err error) {
	if err := m.store.Delete(ctx, id); err != nil && !errors.Is(err, tenantdb.ErrUnknownTenant) {
		return nil, err
	}
	return m.store.Sweep(ctx, id)
}

// forget takes a tenant that is being created, and has no file of its own, out of the catalog.
func (m *Manager[S]) forget(ctx context.Context, creating catalog.Tenant) error {
	m.step("forget")
	return m.catalog.Forget(ctx, creating.ID, creating.Generation)
}
