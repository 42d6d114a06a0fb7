// A snapshot's callback takes a reader of the database's own schema.
package p

import (
	"context"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
)

func _() {
	_ = tenant.Read(ctx, tenantDB, func(ctx context.Context, q *global.Reader) error { return nil })  // ERROR `func\(ctx context\.Context, q \*global\.Reader\) error literal.* as func\(ctx context\.Context, q \*tenant\.Reader\) error value in argument to tenant\.Read`
	_ = tenant.Read(ctx, tenantDB, func(ctx context.Context, q *tenant.Queries) error { return nil }) // ERROR `func\(ctx context\.Context, q \*tenant\.Queries\) error literal.* as func\(ctx context\.Context, q \*tenant\.Reader\) error value in argument to tenant\.Read`
	_ = tenantDB.Read(ctx, func(ctx context.Context, tx *tenant.Tx) error { return nil })             // ERROR `func\(ctx context\.Context, tx \*tenant\.Tx\) error literal.* as func\(ctx context\.Context, tx \*tenantdb\.ReadTx\[tenant\.Schema\]\) error value in argument to tenantDB\.Read`
	_ = globalDB.Read(ctx, func(ctx context.Context, tx *tenant.ReadTx) error { return nil })         // ERROR `func\(ctx context\.Context, tx \*tenant\.ReadTx\) error literal.* as func\(ctx context\.Context, tx \*tenantdb\.ReadTx\[global\.Schema\]\) error value in argument to globalDB\.Read`
}
