package tenantcli

import (
	"context"
	"iter"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// manyTenants is what is done with many tenants at once.
type manyTenants interface {
	migrateUp(ctx context.Context, o fleet.MigrateOptions) (catalog.Run, error)
	migrateDown(ctx context.Context, to int64, o fleet.MigrateOptions) (catalog.Run, error)
	migrateUndo(ctx context.Context, run int64, o fleet.MigrateOptions) (catalog.Run, error)
	migrateRedo(ctx context.Context, o fleet.MigrateOptions) (catalog.Run, error)
	migrateStatus(ctx context.Context, o fleet.StatusOptions) iter.Seq2[fleet.TenantStatus, error]
	migrating(ctx context.Context) (bool, error)
	query(ctx context.Context, o fleet.Options, sql string, args []any) iter.Seq2[fleet.Row, error]
}

func (o *of[S]) migrateUp(ctx context.Context, m fleet.MigrateOptions) (catalog.Run, error) {
	return fleet.Migrate(ctx, o.store, o.Catalog(), m)
}

func (o *of[S]) migrateDown(ctx context.Context, to int64, m fleet.MigrateOptions) (catalog.Run, error) {
	return fleet.Down(ctx, o.store, o.Catalog(), to, m)
}

func (o *of[S]) migrateUndo(ctx context.Context, run int64, m fleet.MigrateOptions) (catalog.Run, error) {
	return fleet.Undo(ctx, o.store, o.Catalog(), run, m)
}

func (o *of[S]) migrateRedo(ctx context.Context, m fleet.MigrateOptions) (catalog.Run, error) {
	return fleet.Redo(ctx, o.store, o.Catalog(), m)
}

func (o *of[S]) migrateStatus(ctx context.Context, s fleet.StatusOptions) iter.Seq2[fleet.TenantStatus, error] {
	return fleet.Status(ctx, o.store, o.Catalog(), s)
}

func (o *of[S]) migrating(ctx context.Context) (bool, error) { return fleet.Running(ctx, o.store) }

func (o *of[S]) query(ctx context.Context, options fleet.Options, sql string, args []any) iter.Seq2[fleet.Row, error] {
	return fleet.Query(ctx, o.store, options, sql, args...)
}
