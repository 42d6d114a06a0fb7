package p

import (
	"context"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

func _(c *catalog.Catalog) {
	_ = catalog.WriteWith(ctx, c, globalDB, func(ctx context.Context, app *global.Tx, tx *catalog.Tx) error {
		_, err := global.New(app).ListPlans(ctx)
		_, _ = tx.Get(ctx, tenantdb.ID{})
		return err
	})
	_ = catalog.WriteWith(ctx, c, payrollDB, func(context.Context, *tenantdb.Tx[payroll], *catalog.Tx) error { return nil })
}
