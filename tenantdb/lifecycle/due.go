package lifecycle

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// BackupStatus says how a tenant stands with its backups.
type BackupStatus struct {
	Tenant tenantdb.ID // zero: the global database
	Rule   BackupRule  // the one that counts for it
	Last   *Backup     // nil if it has none, or the manifest of its last one cannot be read
	Count  int         // of its backups

	// DueAt is when the tenant is due, in the future; the zero time means now.
	DueAt time.Time
}

// Due reports whether the tenant is due.
func (s BackupStatus) Due() bool { return s.DueAt.IsZero() }

// BackupStatuses yields how the tenants that the filter means stand, as [Manager.BackupAll]
// takes them, and after them, if the filter is zero, the global database. It opens no
// tenant: one that is due may turn out to be unchanged. The sequence's own error ends it.
func (m *Manager[S]) BackupStatuses(ctx context.Context, filter catalog.Filter) iter.Seq2[BackupStatus, error] {
	return func(yield func(BackupStatus, error) bool) {
		if err := m.mine(ctx); err != nil {
			yield(BackupStatus{}, explain(OpBackup, tenantdb.ID{}, err))
			return
		}
		for id, err := range m.backupable(ctx, filter) {
			s := BackupStatus{Tenant: id}
			if err == nil {
				s, err = m.status(ctx, id)
			}
			if err = explain(OpBackup, id, err); !yield(s, err) || err != nil {
				return
			}
		}
		if filter == (catalog.Filter{}) {
			s, err := m.status(ctx, tenantdb.ID{})
			yield(s, explain(OpBackup, tenantdb.ID{}, err))
		}
	}
}

// status returns how the tenant stands, or with the zero ID the global database.
func (m *Manager[S]) status(ctx context.Context, id tenantdb.ID) (BackupStatus, error) {
	s := BackupStatus{Tenant: id}
	rule, err := m.ruleFor(ctx, m.options.Rules, id)
	if err != nil {
		return s, err
	}
	have, err := m.objects(ctx, id)
	if err != nil {
		return s, err
	}
	s.Rule, s.Count = rule, len(have.manifests)
	if have.last() == 0 {
		return s, nil
	}
	last, err := m.manifest(ctx, id, have.last())
	switch {
	case errors.Is(err, ErrBadBackup) || errors.Is(err, ErrNoBackup):
		return s, nil
	case err != nil:
		return s, err
	}
	s.Last, s.DueAt = &last, rule.dueAt(last.taken(), m.options.Now())
	return s, nil
}
