package tenantcli

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// tenants are the tenants of one schema, whichever that is.
type tenants interface {
	Tenants(ctx context.Context) ([]tenantdb.ID, error)
	Exists(ctx context.Context, id tenantdb.ID) (bool, error)
	Check(ctx context.Context, op lifecycle.Operation, id tenantdb.ID) error
	create(ctx context.Context, c creation) (catalog.Tenant, error)
	clone(ctx context.Context, from tenantdb.ID, c creation) (catalog.Tenant, error)
	Suspend(ctx context.Context, id tenantdb.ID, o lifecycle.SuspendOptions) (catalog.Tenant, error)
	Resume(ctx context.Context, id tenantdb.ID) (catalog.Tenant, error)
	Delete(ctx context.Context, id tenantdb.ID, reason string) (lifecycle.Tombstone, error)
	Undelete(ctx context.Context, id tenantdb.ID) (catalog.Tenant, error)
	Purge(ctx context.Context) iter.Seq2[lifecycle.Purged, error]
	Purgeable(ctx context.Context) iter.Seq2[lifecycle.Purged, error]
	PurgeTenant(ctx context.Context, id tenantdb.ID) error
	Export(ctx context.Context, id tenantdb.ID, path string) (lifecycle.Exported, error)
	inspectImport(ctx context.Context, path string, id tenantdb.ID) error
	InspectBackup(ctx context.Context, id tenantdb.ID, sequence int64) (lifecycle.Backup, error)
	importFile(ctx context.Context, path string, c creation) (catalog.Tenant, error)
	Backup(ctx context.Context, id tenantdb.ID, o lifecycle.BackupOptions) (lifecycle.BackedUp, error)
	BackupAll(ctx context.Context, filter catalog.Filter, o lifecycle.BackupOptions) iter.Seq2[lifecycle.TenantBackup, error]
	BackupGlobal(ctx context.Context, o lifecycle.BackupOptions) (lifecycle.BackedUp, error)
	RehearseBackup(ctx context.Context, id tenantdb.ID, o lifecycle.BackupOptions) (lifecycle.BackedUp, error)
	RehearseBackups(ctx context.Context, filter catalog.Filter, o lifecycle.BackupOptions) iter.Seq2[lifecycle.TenantBackup, error]
	BackupStatuses(ctx context.Context, filter catalog.Filter) iter.Seq2[lifecycle.BackupStatus, error]
	Backups(ctx context.Context, id tenantdb.ID) iter.Seq2[lifecycle.Backup, error]
	GlobalBackups(ctx context.Context) iter.Seq2[lifecycle.Backup, error]
	Prune(ctx context.Context, id tenantdb.ID, o lifecycle.PruneOptions) iter.Seq2[lifecycle.Pruned, error]
	PruneGlobal(ctx context.Context, o lifecycle.PruneOptions) iter.Seq2[lifecycle.Pruned, error]
	Verify(ctx context.Context, id tenantdb.ID, sequence int64) (lifecycle.Backup, error)
	VerifyGlobal(ctx context.Context, sequence int64) (lifecycle.Backup, error)
	Restore(ctx context.Context, id tenantdb.ID, sequence int64) (lifecycle.Restored, error)
	Erase(ctx context.Context, id tenantdb.ID) (lifecycle.Erased, error)
	Doctor(ctx context.Context, o lifecycle.DoctorOptions) iter.Seq2[lifecycle.Finding, error]
	restoreAs(ctx context.Context, from tenantdb.ID, sequence int64, c creation) (catalog.Tenant, error)
	manyTenants
}

// of are the tenants of the schema S. The Manager is nil if the folder has no catalog and the
// command only looks.
type of[S tenantdb.TenantSchema] struct {
	*lifecycle.Manager[S]
	store *tenantdb.Store[S]
}

// manage puts a Manager on a store.
func manage[S tenantdb.TenantSchema](store *tenantdb.Store[S], cat *catalog.Catalog, options lifecycle.Options) (tenants, error) {
	if cat == nil {
		return &of[S]{store: store}, nil
	}
	m, err := lifecycle.New(store, cat, options)
	if err != nil {
		return nil, err
	}
	return &of[S]{Manager: m, store: store}, nil
}

func (o *of[S]) Tenants(ctx context.Context) ([]tenantdb.ID, error) { return o.store.Tenants(ctx) }

func (o *of[S]) Exists(ctx context.Context, id tenantdb.ID) (bool, error) {
	return o.store.Exists(ctx, id)
}

func (o *of[S]) Check(ctx context.Context, op lifecycle.Operation, id tenantdb.ID) error {
	if o.Manager != nil {
		return o.Manager.Check(ctx, op, id)
	}
	there, err := o.store.Exists(ctx, id)
	if err == nil && (!there || op == lifecycle.OpUndelete) {
		err = &tenantdb.Error{Op: string(op), Tenant: id, Err: tenantdb.ErrUnknownTenant}
	}
	return err
}

// RehearseBackup is the Manager's. In a folder without a catalog nothing was backed up.
func (o *of[S]) RehearseBackup(ctx context.Context, id tenantdb.ID, options lifecycle.BackupOptions) (lifecycle.BackedUp, error) {
	if o.Manager != nil {
		return o.Manager.RehearseBackup(ctx, id, options)
	}
	if id.IsZero() {
		return lifecycle.BackedUp{}, nil
	}
	return lifecycle.BackedUp{}, o.Check(ctx, lifecycle.OpBackup, id)
}

// RehearseBackups is the Manager's, as RehearseBackup.
func (o *of[S]) RehearseBackups(ctx context.Context, filter catalog.Filter, options lifecycle.BackupOptions) iter.Seq2[lifecycle.TenantBackup, error] {
	if o.Manager != nil {
		return o.Manager.RehearseBackups(ctx, filter, options)
	}
	return func(yield func(lifecycle.TenantBackup, error) bool) {
		if filter != (catalog.Filter{}) {
			return // what it means is in the catalog
		}
		ids, err := o.store.Tenants(ctx)
		if err != nil {
			yield(lifecycle.TenantBackup{}, err)
			return
		}
		for _, id := range ids {
			if !yield(lifecycle.TenantBackup{Tenant: id}, nil) {
				return
			}
		}
	}
}

func (o *of[S]) create(ctx context.Context, c creation) (catalog.Tenant, error) {
	return o.Create(ctx, typed[S](c))
}

func (o *of[S]) clone(ctx context.Context, from tenantdb.ID, c creation) (catalog.Tenant, error) {
	return o.Clone(ctx, from, typed[S](c))
}

func (o *of[S]) importFile(ctx context.Context, path string, c creation) (catalog.Tenant, error) {
	return o.Import(ctx, path, typed[S](c))
}

func (o *of[S]) inspectImport(ctx context.Context, path string, id tenantdb.ID) error {
	_, err := lifecycle.InspectImport(ctx, o.store, path, id)
	return err
}

func (o *of[S]) restoreAs(ctx context.Context, from tenantdb.ID, sequence int64, c creation) (catalog.Tenant, error) {
	return o.RestoreAs(ctx, from, sequence, typed[S](c))
}

// creation is a lifecycle.Creation without a function, and so of no schema.
type creation lifecycle.Creation[tenantdb.RuntimeSchema]

func typed[S tenantdb.TenantSchema](c creation) lifecycle.Creation[S] {
	return lifecycle.Creation[S]{ID: c.ID, DisplayName: c.DisplayName, Labels: c.Labels, Aliases: c.Aliases, Metadata: c.Metadata, Key: c.Key}
}

// openFolder opens tenants by the migrations that --schema names.
func openFolder(ctx context.Context, dir *tenantdb.Dir, cat *catalog.Catalog, t *tool) (tenants, error) {
	if t.schema == "" {
		return nil, usage("name the folder of the tenants' migrations with --schema")
	}
	info, err := os.Stat(t.schema)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage("--schema: there is no folder %s", t.schema)
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, usage("--schema: %s is no folder", t.schema)
	}
	name := t.schemaName
	if name == "" {
		absolute, err := filepath.Abs(t.schema)
		if err != nil {
			return nil, err
		}
		name = filepath.Base(absolute)
	}
	store, err := tenantdb.OpenRuntimeStore(ctx, dir, name, os.DirFS(t.schema))
	if err != nil {
		return nil, err
	}
	return manage(store, cat, t.options.Lifecycle)
}

// isUnknown reports whether an error is of a tenant, or alias, that is not there.
func isUnknown(err error) bool {
	return errors.Is(err, tenantdb.ErrUnknownTenant) || errors.Is(err, catalog.ErrNotRegistered)
}
