package lifecycle

import (
	"context"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Check says whether an operation on a tenant that is there could begin: the error is the one with
// which the operation would refuse it, as far as catalog, data folder and Target know. Of OpClone and
// OpRestoreAs it is the tenant whose data is taken. It changes nothing, calls no hook and waits for no
// other operation. What an operation finds out on its way, such as another process
// that has the tenant open, is not looked for.
func (m *Manager[S]) Check(ctx context.Context, op Operation, id tenantdb.ID) error {
	return explain(op, id, m.check(ctx, op, id))
}

func (m *Manager[S]) check(ctx context.Context, op Operation, id tenantdb.ID) error {
	if err := m.checkTenant(ctx, op, id); err != nil {
		return err
	}
	return m.checkTarget(ctx, op, id)
}

// checkTarget is check as far as the Target knows.
func (m *Manager[S]) checkTarget(ctx context.Context, op Operation, id tenantdb.ID) error {
	if op == OpRestore { // what is there is backed up
		if there, err := m.store.Exists(ctx, id); err != nil || !there {
			return err
		}
	}
	if op == OpRestore || op == OpBackup || op == OpErase {
		return m.mine(ctx)
	}
	return nil
}

// checkTenant is check as far as catalog and data folder know.
func (m *Manager[S]) checkTenant(ctx context.Context, op Operation, id tenantdb.ID) error {
	if id.IsZero() {
		return tenantdb.ErrBadID
	}
	is, err := m.find(ctx, id)
	switch {
	case err != nil:
		return err
	case is != nil:
	case op == OpPurge:
		return m.unpurgeable(ctx, id)
	case op == OpErase || op == OpRestore || op == OpRestoreAs:
		return nil // there may be backups of it
	case op == OpUndelete:
		return tenantdb.ErrUnknownTenant
	default:
		return m.exists(ctx, id)
	}
	err = refusal(op, *is)
	switch {
	case err != nil:
	case op == OpUndelete && is.State == catalog.Deleted:
		_, err = m.reinstatable(ctx, id)
	case op == OpBackup || op == OpClone || op == OpExport:
		err = m.exists(ctx, id)
	}
	return err
}

// unpurgeable fails for a tenant that the catalog does not know, if it has a file: it is not deleted.
func (m *Manager[S]) unpurgeable(ctx context.Context, id tenantdb.ID) error {
	there, err := m.store.Exists(ctx, id)
	if err == nil && there {
		err = ErrNotDeleted
	}
	return err
}

// exists fails for a tenant that has no file.
func (m *Manager[S]) exists(ctx context.Context, id tenantdb.ID) error {
	there, err := m.store.Exists(ctx, id)
	if err == nil && !there {
		err = tenantdb.ErrUnknownTenant
	}
	return err
}

// reinstatable returns the retired files of a deleted tenant, or none if it has its file back
// already. If there is neither, it is an error.
func (m *Manager[S]) reinstatable(ctx context.Context, id tenantdb.ID) ([]tenantdb.Retired, error) {
	if there, err := m.store.Exists(ctx, id); there || err != nil {
		return nil, err
	}
	files, err := m.retired(ctx, id)
	if err == nil && len(files) == 0 {
		err = tenantdb.ErrNotRetired
	}
	return files, err
}

// refusal is why an operation does not begin on a tenant of which the catalog says that, or nil.
func refusal(op Operation, t catalog.Tenant) error {
	erasing := t.Operation == catalog.Erasing
	switch op {
	case OpErase:
		if t.Protected && !erasing {
			return catalog.ErrProtected
		}
		return nil
	case OpPurge:
		switch {
		case t.State != catalog.Deleted:
			return ErrNotDeleted
		case t.Protected:
			return catalog.ErrProtected
		}
		return nil
	case OpRestoreAs:
		return nil
	}
	// What was interrupted is finished, but for an erasure, and a creation, of which nothing is whole.
	finishes := (op == OpDelete || op == OpUndelete) && (t.State == catalog.Deleting || t.State == catalog.Deleted)
	switch {
	case erasing:
		return ErrErasing
	case !finishes && !isWhole(t.State):
		return &catalog.StateError{Tenant: t.ID, State: t.State, Reason: t.Reason, Operation: t.Operation}
	case op == OpDelete && !finishes && t.Protected:
		return catalog.ErrProtected
	}
	return nil
}

// isWhole reports whether a tenant in the state has a file that operations work on.
func isWhole(s catalog.State) bool {
	return s == catalog.Active || s == catalog.Suspended || s == catalog.Quarantined
}
