package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Tombstone is a deleted tenant that can be brought back.
type Tombstone struct {
	Tenant catalog.Tenant
	Until  time.Time // when Purge may remove it
}

// before is what a tenant was before it was deleted; the record of that keeps it.
type before struct {
	State      catalog.State      `json:"state"`
	Suspension catalog.Suspension `json:"suspension,omitempty"`
	Reason     string             `json:"reason,omitempty"`
	Operation  catalog.Operation  `json:"operation,omitempty"`

	// Kept are the incarnations of the retired files that there were already, and that are not its own:
	// what a Restore has replaced and could not back up.
	Kept []string `json:"kept,omitempty"`
}

func beforeOf(t catalog.Tenant) before {
	return before{State: t.State, Suspension: t.Suspension, Reason: t.Reason, Operation: t.Operation}
}

func (b before) change() catalog.Change {
	return within(catalog.Change{State: b.State, Suspension: b.Suspension, Reason: b.Reason}, b.Operation)
}

// Delete takes the tenant away from all who use it and keeps its file, which Undelete brings
// back, for [Options].UndeleteFor; then Purge removes it. Its aliases stay its own for as
// long. Handles to it are [tenantdb.ErrTenantGone] from then on.
//
// A protected tenant is [catalog.ErrProtected]; if another process still has it open after
// [Options].WaitElsewhere the error is [tenantdb.ErrTenantOpenElsewhere]; both leave it as it was. One that is deleted already
// stays so, with its window. If the process dies the tenant is being deleted, and deleting it
// again finishes it, as Doctor does.
func (m *Manager[S]) Delete(ctx context.Context, id tenantdb.ID, reason string) (t Tombstone, err error) {
	err = m.on(ctx, OpDelete, id, func(ctx context.Context) error {
		is, err := m.known(ctx, id)
		if err != nil {
			return err
		}
		if is.State == catalog.Deleted {
			t = m.tombstone(is)
			return nil
		}
		is, err = m.deleteKnown(ctx, is, reason)
		t = m.tombstone(is)
		return err
	})
	return t, err
}

func (m *Manager[S]) tombstone(t catalog.Tenant) Tombstone {
	return Tombstone{Tenant: t, Until: t.ChangedAt.Add(max(m.options.UndeleteFor, 0))}
}

// deleteKnown deletes a tenant that is there, or goes on where that was interrupted.
func (m *Manager[S]) deleteKnown(ctx context.Context, is catalog.Tenant, reason string) (deleted catalog.Tenant, err error) {
	if err := refusal(OpDelete, is); err != nil {
		return is, err
	}
	was := beforeOf(is)
	switch is.State {
	case catalog.Deleting:
		if reason == "" {
			reason = is.Reason
		}
	default:
		kept, err := m.retired(ctx, is.ID)
		if err != nil {
			return is, err
		}
		for _, r := range kept {
			was.Kept = append(was.Kept, r.Incarnation)
		}
		m.step("mark as deleting")
		if is, err = m.begin(ctx, OpDelete, is, within(catalog.Change{State: catalog.Deleting, Reason: reason}, ""), detail{"before": was}); err != nil {
			return is, err
		}
	}
	m.step("retire")
	err = m.alone(ctx, func() error {
		_, err := m.store.Retire(ctx, is.ID)
		return err
	})
	if err != nil && !errors.Is(err, tenantdb.ErrUnknownTenant) {
		if was.State == catalog.Deleting || errors.Is(err, tenantdb.ErrOutcomeUnknown) {
			return is, err
		}
		undoing, cancel := afterwards(ctx)
		defer cancel()
		_, undone := m.catalog.SetState(undoing, is.ID, is.Generation, was.change())
		return is, errors.Join(err, undone)
	}
	// From here on it goes to its end: the tenant is gone.
	ctx = context.WithoutCancel(ctx)
	m.step("mark as deleted")
	err = m.catalog.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
		if deleted, err = tx.SetState(ctx, is.ID, is.Generation, catalog.Change{State: catalog.Deleted, Reason: reason}); err != nil {
			return err
		}
		return tx.Record(ctx, entry(OpDelete, is.ID, ResultOK, detail{"reason": reason}))
	})
	return deleted, err
}

// begin marks a tenant as one that is being operated on, and records that.
func (m *Manager[S]) begin(ctx context.Context, op Operation, is catalog.Tenant, to catalog.Change, d detail) (after catalog.Tenant, err error) {
	err = m.catalog.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
		if after, err = tx.SetState(ctx, is.ID, is.Generation, to); err != nil {
			return err
		}
		return tx.Record(ctx, entry(op, is.ID, ResultBegun, d))
	})
	if err != nil {
		return is, err
	}
	return after, nil
}

// Undelete brings a deleted tenant back as it was: its data, its aliases, and suspended if
// it was. Handles from before stay [tenantdb.ErrTenantGone]. It can be brought back for as
// long as Purge has not removed it; then it is [tenantdb.ErrUnknownTenant]. One that is not deleted, or was
// brought back before, stays as it is. If its file is not there any more the error is [tenantdb.ErrNotRetired].
func (m *Manager[S]) Undelete(ctx context.Context, id tenantdb.ID) (after catalog.Tenant, err error) {
	err = m.on(ctx, OpUndelete, id, func(ctx context.Context) error {
		is, err := m.find(ctx, id)
		switch {
		case err != nil:
			return err
		case is == nil:
			return tenantdb.ErrUnknownTenant
		}
		if err := refusal(OpUndelete, *is); err != nil {
			return err
		}
		if isWhole(is.State) { // it is back already
			after = *is
			return nil
		}
		if is.State == catalog.Deleting { // it was interrupted
			if *is, err = m.deleteKnown(ctx, *is, ""); err != nil {
				return err
			}
		}
		was, err := m.wasBefore(ctx, id, OpDelete)
		if err != nil {
			return err
		}
		if err := m.reinstate(ctx, id, was.Kept); err != nil {
			return err
		}
		if after, err = m.markUndeleted(context.WithoutCancel(ctx), *is, was); err != nil && !errors.Is(err, tenantdb.ErrOutcomeUnknown) {
			// It is deleted still: its file goes back to where that of such a tenant is.
			_, undone := m.store.Retire(context.WithoutCancel(ctx), id)
			return errors.Join(err, undone)
		}
		return err
	})
	return after, err
}

// markUndeleted makes a tenant whose file is in its place what it was.
func (m *Manager[S]) markUndeleted(ctx context.Context, is catalog.Tenant, was before) (after catalog.Tenant, err error) {
	m.step("mark as it was")
	err = m.catalog.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
		if after, err = tx.SetState(ctx, is.ID, is.Generation, was.change()); err != nil {
			return err
		}
		return tx.Record(ctx, entry(OpUndelete, is.ID, ResultOK, nil))
	})
	if err != nil {
		return is, err
	}
	return after, nil
}

// reinstate gives the tenant the file that was retired last, of those that were not kept before
// it was deleted if there is one: their times are a clock's. It may be that an Undelete before has done it
// and died then.
func (m *Manager[S]) reinstate(ctx context.Context, id tenantdb.ID, kept []string) error {
	files, err := m.reinstatable(ctx, id)
	if err != nil || len(files) == 0 {
		return err
	}
	last := files[len(files)-1]
	for _, r := range files {
		if !slices.Contains(kept, r.Incarnation) {
			last = r
		}
	}
	m.step("reinstate")
	return m.store.Reinstate(ctx, last)
}

// retired lists the retired files of one tenant, the last one at the end.
func (m *Manager[S]) retired(ctx context.Context, id tenantdb.ID) (files []tenantdb.Retired, err error) {
	entries, err := os.ReadDir(filepath.Join(m.root, "deleted"))
	if err != nil {
		return nil, ignoreMissing(err)
	}
	// Mostly there is none, and the list looks at each file.
	if !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), id.String()+".") }) {
		return nil, nil
	}
	all, err := m.store.Retired(ctx)
	for _, r := range all {
		if r.Tenant == id {
			files = append(files, r)
		}
	}
	return files, err
}

// wasBefore returns what the tenant was when the last operation of that kind began.
func (m *Manager[S]) wasBefore(ctx context.Context, id tenantdb.ID, op Operation) (before, error) {
	for e, err := range m.catalog.Entries(ctx, id) {
		if err != nil {
			return before{}, err
		}
		if e.Operation != string(op) || e.Result != ResultBegun {
			continue
		}
		var d struct {
			Before before `json:"before"`
		}
		if err := json.Unmarshal(e.Detail, &d); err == nil && d.Before.State != "" {
			return d.Before, nil
		}
	}
	return before{State: catalog.Active}, nil // it was changed by other means
}
