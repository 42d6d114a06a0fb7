package lifecycle

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// TenantBackup is what BackupAll has done with one tenant.
type TenantBackup struct {
	Tenant tenantdb.ID
	BackedUp
	Err error // why it has no new backup
}

// BackupAll backs up the tenants that the filter means and that have a file, those that the
// catalog does not know too if the filter is zero, some at once ([Options].Workers), and
// yields each when it is done. Tenants that are being created or deleted are left out.
// With [OnlyDue] those that are not due by their rule are skipped. What fails with one is yielded with it; the sequence's own error ends it. When it is
// left early, backups that have begun are ended undone.
func (m *Manager[S]) BackupAll(ctx context.Context, filter catalog.Filter, o BackupOptions) iter.Seq2[TenantBackup, error] {
	return func(yield func(TenantBackup, error) bool) {
		if err := m.mine(ctx); err != nil { // which would be each one's
			yield(TenantBackup{}, explain(OpBackup, tenantdb.ID{}, err))
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		ids := make(chan tenantdb.ID)
		done := make(chan TenantBackup)
		var listing error
		var workers sync.WaitGroup
		workers.Go(func() {
			defer close(ids)
			for id, err := range m.backupable(ctx, filter) {
				if err != nil {
					listing = err
					return
				}
				select {
				case ids <- id:
				case <-ctx.Done():
					return
				}
			}
		})
		for range m.options.Workers {
			workers.Go(func() {
				for id := range ids {
					b, err := m.Backup(ctx, id, o)
					select {
					case done <- TenantBackup{Tenant: id, BackedUp: b, Err: err}:
					case <-ctx.Done():
						return
					}
				}
			})
		}
		go func() { workers.Wait(); close(done) }()
		for b := range done {
			if gone(b.Err) {
				continue // deleted since it was listed
			}
			if !yield(b, nil) {
				cancel()
				for range done { // until all have ended
				}
				return
			}
		}
		if err := errors.Join(listing, ctx.Err()); err != nil {
			yield(TenantBackup{}, err)
		}
	}
}

// gone reports whether an error says that the tenant is not there, or not for long.
func gone(err error) bool {
	for _, of := range []error{tenantdb.ErrUnknownTenant, catalog.ErrDeleting, catalog.ErrCreating, ErrErasing} {
		if errors.Is(err, of) {
			return true
		}
	}
	return false
}

// backupable yields the tenants that a filter means.
func (m *Manager[S]) backupable(ctx context.Context, filter catalog.Filter) iter.Seq2[tenantdb.ID, error] {
	return func(yield func(tenantdb.ID, error) bool) {
		if filter == (catalog.Filter{}) {
			ids, err := m.store.Tenants(ctx)
			if err != nil {
				yield(tenantdb.ID{}, err)
				return
			}
			for _, id := range ids {
				if !yield(id, nil) {
					return
				}
			}
			return
		}
		for t, err := range m.catalog.List(ctx, filter) {
			if err == nil && (t.State == catalog.Creating || t.State == catalog.Deleting || t.State == catalog.Deleted) {
				continue
			}
			if !yield(t.ID, err) || err != nil {
				return
			}
		}
	}
}
