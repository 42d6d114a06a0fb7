package lifecycle

import (
	"context"
	"iter"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// RehearseBackup says what Backup would do with a tenant, or BackupGlobal if the ID is zero: fail, skip it, or
// back it up; then Backup of the result is zero. It changes nothing, calls no hook and waits for no operation. Who writes
// to the tenant afterwards makes it untrue.
func (m *Manager[S]) RehearseBackup(ctx context.Context, id tenantdb.ID, o BackupOptions) (BackedUp, error) {
	would, err := m.rehearseBackup(ctx, id, o)
	return would, explain(OpBackup, id, err)
}

func (m *Manager[S]) rehearseBackup(ctx context.Context, id tenantdb.ID, o BackupOptions) (would BackedUp, err error) {
	if err := m.checkTarget(ctx, OpBackup, id); err != nil {
		return would, err
	}
	if !id.IsZero() {
		if err := m.checkTenant(ctx, OpBackup, id); err != nil {
			return would, err
		}
		kept, err := m.retired(ctx, id)
		if err != nil || len(kept) > 0 { // what a Restore that died has kept is backed up first
			return would, err
		}
	}
	have, err := m.objects(ctx, id)
	if err != nil {
		return would, err
	}
	rule, err := m.ruleFor(ctx, m.options.Rules, id)
	if err != nil {
		return would, err
	}
	last, why, err := m.skip(ctx, have, rule, o)
	if why != "" {
		would = BackedUp{Backup: last, Skipped: why}
	}
	return would, err
}

// RehearseBackups says what BackupAll would do with each tenant, as RehearseBackup does.
func (m *Manager[S]) RehearseBackups(ctx context.Context, filter catalog.Filter, o BackupOptions) iter.Seq2[TenantBackup, error] {
	return func(yield func(TenantBackup, error) bool) {
		if err := m.mine(ctx); err != nil {
			yield(TenantBackup{}, explain(OpBackup, tenantdb.ID{}, err))
			return
		}
		for id, err := range m.backupable(ctx, filter) {
			if err != nil {
				yield(TenantBackup{}, err)
				return
			}
			would, err := m.RehearseBackup(ctx, id, o)
			if ctx.Err() != nil {
				yield(TenantBackup{}, ctx.Err())
				return
			}
			if gone(err) {
				continue
			}
			if !yield(TenantBackup{Tenant: id, BackedUp: would, Err: err}, nil) {
				return
			}
		}
	}
}
