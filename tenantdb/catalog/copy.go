package catalog

import (
	"context"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// Snapshot copies the global database, in which the catalog is beside what the application
// keeps there, to the new file at path: see [tenantdb.GlobalDB.Snapshot]. The manifest's
// schema version is the catalog's.
func (c *Catalog) Snapshot(ctx context.Context, path string, o tenantdb.SnapshotOptions) (tenantdb.Manifest, error) {
	return c.db.Snapshot(ctx, path, o)
}

// Unchanged reports whether nothing was written to the global database since the state that
// the mark of a manifest is of.
func (c *Catalog) Unchanged(ctx context.Context, mark string) (bool, error) {
	return c.db.Unchanged(ctx, mark)
}

// Restore gives the folder the global database of a copy that Snapshot has made, whichever
// application's: see [tenantdb.RestoreGlobal]. The catalog is to be opened afterwards, again
// if it was open.
func Restore(ctx context.Context, dir *tenantdb.Dir, source tenantdb.Source, o tenantdb.GlobalRestoreOptions) error {
	return tenantdb.RestoreGlobal[catalogdb.Schema](ctx, dir, source, o)
}

// Compact rewrites the global database, so that nothing of what was removed from it, such as a tenant
// that was forgotten, is left in its files: see [tenantdb.GlobalDB.Compact].
func (c *Catalog) Compact(ctx context.Context) error { return c.db.Compact(ctx) }

// Inspect looks at a copy as Restore does, and restores nothing: see [tenantdb.InspectGlobal].
func Inspect(ctx context.Context, dir *tenantdb.Dir, source tenantdb.Source) error {
	return tenantdb.InspectGlobal[catalogdb.Schema](ctx, dir, source)
}
