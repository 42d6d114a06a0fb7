package lifecycle

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Verify reads a backup again, by its sequence or [Last]: its size and SHA-256 are those of its manifest, it
// passes SQLite's checks, it is of this schema and of the version it says, and this program
// could restore it. Otherwise the error is [ErrBadBackup]. It needs the place of two copies in the data folder for as
// long, and changes nothing.
func (m *Manager[S]) Verify(ctx context.Context, id tenantdb.ID, sequence int64) (b Backup, err error) {
	err = m.on(ctx, OpVerify, id, func(ctx context.Context) error {
		b, err = m.verify(ctx, id, sequence)
		return err
	})
	return b, err
}

// VerifyGlobal does with a backup of the global database what Verify does with a tenant's.
func (m *Manager[S]) VerifyGlobal(ctx context.Context, sequence int64) (b Backup, err error) {
	err = m.onOwner(ctx, OpVerify, tenantdb.ID{}, func(ctx context.Context) error {
		b, err = m.verify(ctx, tenantdb.ID{}, sequence)
		return err
	})
	return b, err
}

// InspectBackup is Verify that calls no hooks and records nothing, not even that the
// backup is bad: for rehearsals.
func (m *Manager[S]) InspectBackup(ctx context.Context, id tenantdb.ID, sequence int64) (Backup, error) {
	if id.IsZero() {
		return Backup{}, explain(OpVerify, id, tenantdb.ErrBadID)
	}
	ctx, release, err := m.locks.take(ctx, id)
	if err != nil {
		return Backup{}, explain(OpVerify, id, err)
	}
	defer release()
	b, err := m.verify(ctx, id, sequence)
	return b, explain(OpVerify, id, err)
}

// verify verifies a backup of the tenant, or with the zero ID of the global database.
func (m *Manager[S]) verify(ctx context.Context, id tenantdb.ID, sequence int64) (b Backup, err error) {
	err = m.working(id, func(at string) error {
		path := at + copyName
		if b, err = m.fetch(ctx, id, sequence, path); err != nil {
			return err
		}
		contents, err := look(ctx, path)
		if err == nil {
			err = contents.agrees(b.Database)
		}
		if err != nil {
			return badBackup(ctx, b, err)
		}
		m.step("inspect")
		if err := m.inspect(ctx, id, tenantdb.Source{Path: path, SHA256: b.Database.SHA256}); err != nil {
			return badBackup(ctx, b, err)
		}
		return nil
	})
	return b, err
}

func (m *Manager[S]) inspect(ctx context.Context, id tenantdb.ID, source tenantdb.Source) error {
	if id.IsZero() {
		return catalog.Inspect(ctx, m.store.Dir(), source)
	}
	return m.store.Inspect(ctx, id, source)
}

func badBackup(ctx context.Context, b Backup, err error) error {
	if err == nil || ctx.Err() != nil || errors.Is(err, ErrBadBackup) {
		return err
	}
	return fmt.Errorf("%w: number %d: %w", ErrBadBackup, b.Sequence, err)
}
