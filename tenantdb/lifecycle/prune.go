package lifecycle

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Retention says which backups of a tenant are kept: those that any of its rules keeps. The last one
// whose manifest can be read and whose database is there is kept in any case, and so are damaged ones that are newer. The
// zero Retention keeps all.
type Retention struct {
	Last int           // keep so many, the newest
	For  time.Duration // keep those that were taken less than that ago
}

// PruneOptions say which backups are removed. The zero value removes those that the
// Manager's rules do not keep.
type PruneOptions struct {
	// Rules, if not nil, count instead of [Options].Rules.
	Rules []BackupRule

	// Filter says whose backups are looked at. Defaults to all there are, those of tenants that the catalog
	// does not know and of the global database among them.
	Filter catalog.Filter

	Mode PruneMode // defaults to PruneRemove
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

// Prune removes the backups of a tenant, or with the zero ID of all, that the rules do not
// keep, and yields each, oldest first. Tenants that the catalog does not know any
// more have no labels; to remove all their backups, erase them. A
// backup whose manifest cannot be read is kept. What a process that died has left half
// removed, or half taken, is removed too. Backups are ordered by their sequence; only
// Retention.For looks at clocks. The sequence's own error ends it.
func (m *Manager[S]) Prune(ctx context.Context, id tenantdb.ID, o PruneOptions) iter.Seq2[Pruned, error] {
	return m.prune(ctx, prefixOf(id), o)
}

// PruneGlobal does with the backups of the global database what Prune does with tenants'.
func (m *Manager[S]) PruneGlobal(ctx context.Context, o PruneOptions) iter.Seq2[Pruned, error] {
	o.Filter = catalog.Filter{}
	return m.prune(ctx, folderOf(tenantdb.ID{})+"/", o)
}

func (m *Manager[S]) prune(ctx context.Context, prefix string, o PruneOptions) iter.Seq2[Pruned, error] {
	if o.Rules == nil {
		o.Rules = m.options.Rules
	}
	return func(yield func(Pruned, error) bool) {
		if err := checkRules(o.Rules); err != nil {
			yield(Pruned{}, explain(OpPrune, tenantdb.ID{}, err))
			return
		}
		if err := m.mine(ctx); err != nil {
			yield(Pruned{}, explain(OpPrune, tenantdb.ID{}, err))
			return
		}
		for of, err := range m.ownersWithBackups(ctx, prefix) {
			if err != nil {
				yield(Pruned{}, explain(OpPrune, tenantdb.ID{}, err))
				return
			}
			pruned, err := m.pruneOwner(ctx, of.tenant, o)
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

// pruneOwner prunes one tenant's backups, or with the zero ID the global database's.
func (m *Manager[S]) pruneOwner(ctx context.Context, id tenantdb.ID, o PruneOptions) (pruned []Pruned, err error) {
	if wanted, err := m.wanted(ctx, id, o.Filter); err != nil || !wanted {
		return nil, err
	}
	rule, err := m.ruleFor(ctx, o.Rules, id)
	if err != nil {
		return nil, err
	}
	if o.Mode == PruneRehearse {
		have, err := m.objects(ctx, id)
		if err != nil {
			return nil, err
		}
		return m.superfluous(ctx, have, rule.Retention)
	}
	err = m.onOwner(ctx, OpPrune, id, func(ctx context.Context) error {
		have, err := m.objects(ctx, id)
		if err != nil {
			return err
		}
		if pruned, err = m.superfluous(ctx, have, rule.Retention); err != nil {
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

// wanted reports whether the filter means the tenant.
func (m *Manager[S]) wanted(ctx context.Context, id tenantdb.ID, filter catalog.Filter) (bool, error) {
	if filter == (catalog.Filter{}) {
		return true, nil
	}
	if id.IsZero() {
		return false, nil
	}
	t, err := m.catalog.Get(ctx, id)
	if errors.Is(err, catalog.ErrNotRegistered) {
		return false, nil
	}
	meant := (filter.State == "" || t.State == filter.State) && hasLabel(t, filter.Label, filter.Value) && compareIDs(id, filter.After) > 0
	return err == nil && meant, err
}

// superfluous returns the backups that are not kept, oldest first. One that cannot be restored, for its
// manifest cannot be read or its database is not there, does not count as one that is kept.
func (p *place) superfluous(ctx context.Context, have *objects, keep Retention) (list []Pruned, err error) {
	if keep == (Retention{}) {
		return nil, nil
	}
	kept := 0
	for _, sequence := range slices.Backward(have.sequences()) {
		b, err := p.manifest(ctx, have.tenant, sequence)
		switch size, there := have.databases[sequence]; {
		case errors.Is(err, ErrBadBackup) || errors.Is(err, ErrNoBackup):
			continue
		case err != nil:
			return nil, err
		case kept < max(keep.Last, 1) || keep.For > 0 && p.options.Now().Sub(b.taken()) < keep.For:
			if there && size == b.Database.Size {
				kept++
			}
			continue
		}
		list = append(list, Pruned{Backup: b})
	}
	slices.Reverse(list)
	return list, nil
}
