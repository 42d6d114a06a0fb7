package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// eraseMade removes what operations on other tenants that died have left of this one's data: copies
// in DIR/work, and tenants that were being made of it, or may have been, whose creation is undone. Of
// one that is under way the manifest tells.
func (m *Manager[S]) eraseMade(ctx context.Context, id tenantdb.ID, e *Erased) error {
	for _, path := range m.workOf(id) { // of a rehearsal that is under way too, which fails
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	for _, other := range m.atWork() {
		if err := m.ifLeft(ctx, other, func(context.Context) error { return nil }, func() {}); err != nil {
			return err
		}
	}
	made, err := m.beingMade(ctx, id)
	if err != nil {
		return err
	}
	for _, other := range made {
		undo := func(ctx context.Context) error {
			removed, _, err := m.unmakeHalf(ctx, other)
			e.Files = append(e.Files, removed...)
			return err
		}
		underWay := func() {
			e.Unreached = append(e.Unreached, Unreached{What: "tenant", Where: other.String(), Why: "it is being made, perhaps of this tenant's data; erase it too if it holds any"})
		}
		if err := m.ifLeft(ctx, other, undo, underWay); err != nil {
			return err
		}
	}
	return nil
}

// ifLeft calls f with the lock of another tenant, once what died operations on that have left in DIR/work is
// removed; or underWay if somebody has the lock.
func (m *Manager[S]) ifLeft(ctx context.Context, other tenantdb.ID, f func(ctx context.Context) error, underWay func()) error {
	ctx, release, err := m.locks.try(ctx, other)
	if err != nil && !errors.Is(err, ErrNested) {
		return err
	}
	if release == nil {
		underWay()
		return nil
	}
	defer release()
	m.sweepWork(other)
	return f(ctx)
}

// beingMade returns the tenants that are being created of the tenant's data, or of what is not known whose it is.
func (m *Manager[S]) beingMade(ctx context.Context, id tenantdb.ID) (made []tenantdb.ID, err error) {
	for t, err := range m.catalog.List(ctx, catalog.Filter{State: catalog.Creating}) {
		if err != nil {
			return nil, err
		}
		of, err := m.madeOf(ctx, t.ID)
		if err != nil {
			return nil, err
		}
		if t.ID != id && of(id) {
			made = append(made, t.ID)
		}
	}
	return made, nil
}

// madeOf returns whether the tenant that is being created may have the data of another.
func (m *Manager[S]) madeOf(ctx context.Context, id tenantdb.ID) (of func(tenantdb.ID) bool, err error) {
	for begun, err := range m.catalog.Entries(ctx, id) {
		if err != nil {
			return nil, err
		}
		if begun.Result != ResultBegun {
			continue
		}
		var d struct{ From string }
		_ = json.Unmarshal(begun.Detail, &d) // what says nothing is of nobody
		switch Operation(begun.Operation) {
		case OpClone, OpRestoreAs, OpImport: // of a bare file, whose is known when it is made
			return func(other tenantdb.ID) bool { return d.From == "" || d.From == other.String() }, nil
		}
		break
	}
	return func(tenantdb.ID) bool { return false }, nil
}
