package lifecycle

import (
	"context"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// copyName is how the name of a copy that is worked on ends, in DIR/work.
const copyName = "tenant.db"

// Clone makes a new tenant of a copy of another one's data, taken while others use that.
// Of the catalog's entry only what c says is the new tenant's; c.Seed may change the copy
// before anybody reaches it. Otherwise it is as [Manager.Create].
func (m *Manager[S]) Clone(ctx context.Context, from tenantdb.ID, c Creation[S]) (catalog.Tenant, error) {
	if from.IsZero() || from == c.ID {
		return catalog.Tenant{}, explain(OpClone, c.ID, tenantdb.ErrBadID)
	}
	return m.make(ctx, making[S]{
		Creation: c, event: Event{Operation: OpClone, From: from}, also: []tenantdb.ID{from}, from: detail{"from": from.String()},
		file: func(ctx context.Context, id tenantdb.ID) error {
			if _, err := m.usable(ctx, from); err != nil {
				return err
			}
			return m.working(from, func(at string) error {
				path := at + copyName
				m.step("snapshot")
				manifest, err := m.snapshot(ctx, from, path, tenantdb.SnapshotOptions{})
				if err != nil {
					return err
				}
				m.step("adopt")
				_, err = m.store.Adopt(ctx, id, tenantdb.Source{Path: path, SHA256: manifest.SHA256})
				return err
			})
		},
	})
}
