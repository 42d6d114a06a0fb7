package lifecycle

import (
	"context"
	"errors"
	"iter"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Purged is what Purge has done about one deleted tenant.
type Purged struct {
	Tombstone Tombstone
	Err       error // why its files were not removed; nil if they were, or in a rehearsal
}

// Purge removes the files of those deleted tenants whose window is over and takes them out of
// the catalog, so that their aliases are free, and IDs of which there is no backup, and yields each. Backups and exports
// stay: [Manager.Prune] and [Manager.Erase] are for these. Protected tenants are passed over, and so is
// one that was brought back meanwhile, deleted again or not. What fails with one tenant is
// yielded with it, and the next one goes on; the sequence's own error ends it.
func (m *Manager[S]) Purge(ctx context.Context) iter.Seq2[Purged, error] {
	return m.eachOver(ctx, func(t Tombstone) (p Purged, still bool) {
		p = Purged{Tombstone: t}
		p.Err = m.on(ctx, OpPurge, t.Tenant.ID, func(ctx context.Context) error {
			is, err := m.find(ctx, t.Tenant.ID)
			if still = err != nil || is != nil && is.Generation == t.Tenant.Generation && !is.Protected; err != nil || !still {
				return err
			}
			return m.purgeKnown(ctx, *is)
		})
		return p, still || p.Err != nil
	})
}

// Purgeable yields what Purge would remove now, and removes nothing.
func (m *Manager[S]) Purgeable(ctx context.Context) iter.Seq2[Purged, error] {
	return m.eachOver(ctx, func(t Tombstone) (Purged, bool) { return Purged{Tombstone: t}, true })
}

// eachOver calls f for each whose window is over, and yields what it is about if that is still so.
func (m *Manager[S]) eachOver(ctx context.Context, f func(Tombstone) (Purged, bool)) iter.Seq2[Purged, error] {
	return func(yield func(Purged, error) bool) {
		for t, err := range m.catalog.List(ctx, catalog.Filter{State: catalog.Deleted}) {
			if err != nil {
				yield(Purged{}, err)
				return
			}
			stone := m.tombstone(t)
			if t.Protected || m.options.Now().Before(stone.Until) {
				continue
			}
			if p, still := f(stone); still && !yield(p, nil) {
				return
			}
		}
	}
}

// PurgeTenant removes the files of a deleted tenant for good, whether its window is over or
// not, and takes it out of the catalog. One that is not deleted is [ErrNotDeleted], one that is
// protected [catalog.ErrProtected], one that is not known any more no error. If the process dies, purging it again finishes it.
func (m *Manager[S]) PurgeTenant(ctx context.Context, id tenantdb.ID) error {
	return m.on(ctx, OpPurge, id, func(ctx context.Context) error {
		is, err := m.find(ctx, id)
		switch {
		case err != nil:
			return err
		case is == nil:
			return m.unpurgeable(ctx, id)
		}
		if err := refusal(OpPurge, *is); err != nil {
			return err
		}
		return m.purgeKnown(ctx, *is)
	})
}

// purgeKnown purges a deleted tenant. Its lock is held.
func (m *Manager[S]) purgeKnown(ctx context.Context, is catalog.Tenant) error {
	if is.Protected { // before its files are removed, for the catalog would refuse to forget it after
		return catalog.ErrProtected
	}
	files, err := m.retired(ctx, is.ID)
	if err != nil {
		return err
	}
	size := int64(0)
	for _, r := range files {
		m.step("purge a file")
		if err := m.store.Purge(ctx, r); err != nil && !errors.Is(err, tenantdb.ErrNotRetired) {
			return err
		}
		size += r.Size
	}
	m.step("forget")
	return m.catalog.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
		if err := tx.Forget(ctx, is.ID, is.Generation); err != nil {
			return err
		}
		return tx.Record(ctx, entry(OpPurge, is.ID, ResultOK, detail{"files": len(files), "bytes": size}))
	})
}
