package lifecycle

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Retention says which backups of a tenant are kept: those that any of its rules keeps. The last one
// is kept in any case. The zero Retention keeps no other.
type Retention struct {
	Last int           // keep so many, the newest
	For  time.Duration // keep those that were taken less than that ago
}

// PrunePolicy says which backups are kept. A tenant's retention is that of the first rule
// of ByLabel that it fits, and else Retention.
type PrunePolicy struct {
	Retention
	ByLabel []LabelRetention
	Mode    PruneMode // defaults to PruneRemove
}

// LabelRetention is a retention for tenants with a label of that value.
type LabelRetention struct {
	Label, Value string
	Retention
}

// PruneMode says whether backups are removed.
type PruneMode int

// Whether they are.
const (
	PruneRemove   PruneMode = iota
	PruneRehearse           // what would be removed is yielded, and nothing is removed
)

// Pruned is a backup that was removed, or would be.
type Pruned struct {
	Backup Backup
	Err    error // why it was not removed
}

// Prune removes the backups of a tenant, or with the zero ID of all, that the policy does not
// keep, and yields each, oldest first. Backups of tenants that the catalog does not know any
// more are pruned by the Retention without labels; to remove them all, erase the tenant. A
// backup whose manifest cannot be read is kept. What a process that died has left half
// removed, or half taken, is removed too. Backups are ordered by their sequence; only For
// looks at clocks. The sequence's own error ends it.
func (m *Manager[S]) Prune(ctx context.Context, id tenantdb.ID, policy PrunePolicy) iter.Seq2[Pruned, error] {
	return func(yield func(Pruned, error) bool) {
		for of, err := range m.tenantsWithBackups(ctx, id) {
			if err != nil {
				yield(Pruned{}, explain(OpPrune, id, err))
				return
			}
			pruned, err := m.pruneTenant(ctx, of.tenant, policy)
			for _, p := range pruned {
				if !yield(p, nil) {
					return
				}
			}
			if err != nil {
				yield(Pruned{}, explain(OpPrune, of.tenant, err))
				return
			}
		}
	}
}

func (m *Manager[S]) pruneTenant(ctx context.Context, id tenantdb.ID, policy PrunePolicy) (pruned []Pruned, err error) {
	if policy.Mode == PruneRehearse {
		have, err := m.objects(ctx, id)
		if err != nil {
			return nil, err
		}
		return m.superfluous(ctx, have, policy)
	}
	err = m.on(ctx, OpPrune, id, func(ctx context.Context) error {
		have, err := m.objects(ctx, id)
		if err != nil {
			return err
		}
		if pruned, err = m.superfluous(ctx, have, policy); err != nil {
			return err
		}
		var removed []int64
		for i := range pruned {
			b := &pruned[i].Backup
			if pruned[i].Err = m.removeBackup(ctx, id, b.Sequence); pruned[i].Err == nil {
				removed = append(removed, b.Sequence)
			}
		}
		if len(removed) > 0 {
			m.note(ctx, OpPrune, id, ResultOK, detail{"sequences": removed})
		}
		return m.removeHalves(ctx, id, have)
	})
	return pruned, err
}

// superfluous returns the backups that the policy does not keep, oldest first.
func (m *Manager[S]) superfluous(ctx context.Context, have *objects, policy PrunePolicy) (list []Pruned, err error) {
	keep, err := m.retention(ctx, have.tenant, policy)
	if err != nil {
		return nil, err
	}
	all := have.sequences()
	for i, sequence := range all {
		newer := len(all) - 1 - i
		if newer == 0 || newer < keep.Last {
			continue
		}
		b, err := m.manifest(ctx, have.tenant, sequence)
		switch {
		case errors.Is(err, ErrBadBackup) || errors.Is(err, ErrNoBackup):
			continue
		case err != nil:
			return nil, err
		case keep.For > 0 && m.options.Now().Sub(b.taken()) < keep.For:
			continue
		}
		list = append(list, Pruned{Backup: b})
	}
	return list, nil
}

func (m *Manager[S]) retention(ctx context.Context, id tenantdb.ID, policy PrunePolicy) (Retention, error) {
	if len(policy.ByLabel) == 0 {
		return policy.Retention, nil
	}
	t, err := m.catalog.Get(ctx, id)
	if err != nil && !errors.Is(err, catalog.ErrNotRegistered) {
		return Retention{}, err
	}
	for _, rule := range policy.ByLabel {
		if value, ok := t.Labels[rule.Label]; ok && value == rule.Value {
			return rule.Retention, nil
		}
	}
	return policy.Retention, nil
}
