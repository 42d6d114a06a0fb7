// The catalog and its transactions are no handles of the application's schema, and the
// application's are none of the catalog's.
package p

import (
	"context"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/catalog"
)

func _(c *catalog.Catalog, tx *catalog.Tx) {
	global.New(tx)                                                                                               // ERROR `\*catalog\.Tx does not implement`
	global.New(c)                                                                                                // ERROR `\*catalog\.Catalog does not implement`
	_ = catalog.WriteWith(ctx, c, tenantDB, func(context.Context, *tenant.Tx, *catalog.Tx) error { return nil }) // ERROR `tenantDB`
	_ = c.Write(ctx, func(_ context.Context, q *global.Queries) error { return nil })                            // ERROR `type func\(_ context\.Context, q \*global\.Queries\) error\) as func`
	_ = catalog.Tx(*globalTx)                                                                                    // ERROR `cannot convert`
}
