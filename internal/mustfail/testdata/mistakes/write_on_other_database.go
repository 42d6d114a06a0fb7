// A transaction of one schema is not begun on a database of another.
package p

import (
	"context"

	"github.com/silokit/silo/gen/tenant"
)

func _(f func(context.Context, *tenant.Queries) error) {
	_ = tenant.Write(ctx, globalDB, f)   // ERROR `type \*global\.DB\) as \*tenant\.DB value in argument to tenant\.Write`
	_ = tenant.Write(ctx, invoicesDB, f) // ERROR `type \*tenantdb\.TenantDB\[invoices\]\) as \*tenant\.DB value in argument to tenant\.Write`
	_ = tenant.Write(ctx, tenantTx, f)   // ERROR `type \*tenant\.Tx\) as \*tenant\.DB value in argument to tenant\.Write`
}
