// Transactions run on a database of their own schema, and reading queries in all of them.
package p

import (
	"context"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _() {
	_ = tenant.Write(ctx, tenantDB, func(ctx context.Context, q *tenant.Queries) error {
		if _, err := q.ListModules(ctx, nil); err != nil {
			return err
		}
		_, err := q.CreateModule(ctx, tenant.CreateModuleParams{})
		return err
	})
	_ = tenant.Read(ctx, tenantDB, func(ctx context.Context, q *tenant.Reader) error {
		_, err := q.ListModules(ctx, nil)
		return err
	})
	_ = global.Write(ctx, globalDB, func(ctx context.Context, q *global.Queries) error {
		return q.UpsertTenantHourlyStats(ctx, global.UpsertTenantHourlyStatsParams{})
	})
	_ = global.Read(ctx, globalDB, func(ctx context.Context, q *global.Reader) error {
		_, err := q.GetUserByEmail(ctx, "ann@example.com")
		return err
	})
	_ = tenantDB.Write(ctx, func(ctx context.Context, tx *tenant.Tx) error {
		return tenant.New(tx).InsertAuditEntry(ctx, tenant.InsertAuditEntryParams{})
	})
	_ = tenantDB.Read(ctx, func(ctx context.Context, tx *tenant.ReadTx) error { return nil })
	_ = globalDB.Write(ctx, func(ctx context.Context, tx *global.Tx) error { return nil })
	_ = globalDB.Read(ctx, func(ctx context.Context, tx *global.ReadTx) error { return nil })
	_ = invoicesDB.Write(ctx, func(ctx context.Context, tx *tenantdb.Tx[invoices]) error { newInvoices(tx); return nil })
}
