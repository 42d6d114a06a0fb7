// A transaction's callback takes queries of the database's own schema.
package p

import (
	"context"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _() {
	_ = tenant.Write(ctx, tenantDB, func(ctx context.Context, q *global.Queries) error { return nil }) // ERROR `func\(ctx context\.Context, q \*global\.Queries\) error literal.* as func\(ctx context\.Context, q \*tenant\.Queries\) error value in argument to tenant\.Write`
	_ = tenantDB.Write(ctx, func(ctx context.Context, tx *global.Tx) error { return nil })             // ERROR `func\(ctx context\.Context, tx \*global\.Tx\) error literal.* as func\(ctx context\.Context, tx \*tenantdb\.Tx\[tenant\.Schema\]\) error value in argument to tenantDB\.Write`
	_ = globalDB.Write(ctx, func(ctx context.Context, tx *tenant.Tx) error { return nil })             // ERROR `func\(ctx context\.Context, tx \*tenant\.Tx\) error literal.* as func\(ctx context\.Context, tx \*tenantdb\.Tx\[global\.Schema\]\) error value in argument to globalDB\.Write`
	_ = tenantDB.Write(ctx, func(ctx context.Context, tx *tenantdb.Tx[invoices]) error { return nil }) // ERROR `func\(ctx context\.Context, tx \*tenantdb\.Tx\[invoices\]\) error literal.* as func\(ctx context\.Context, tx \*tenantdb\.Tx\[tenant\.Schema\]\) error value in argument to tenantDB\.Write`
	_ = tenantDB.Write(ctx, func(ctx context.Context, tx *tenant.ReadTx) error { return nil })         // ERROR `func\(ctx context\.Context, tx \*tenant\.ReadTx\) error literal.* as func\(ctx context\.Context, tx \*tenantdb\.Tx\[tenant\.Schema\]\) error value in argument to tenantDB\.Write`
}
