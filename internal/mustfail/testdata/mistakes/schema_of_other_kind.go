// A tenant schema does not open the global database, nor the reverse.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _() {
	_, _ = tenantdb.OpenGlobal[tenant.Schema](ctx, dir) // ERROR `wrong type for method kind.*have kind\(tenantdb\.tenantKind\).*want kind\(tenantdb\.globalKind\)`
	_, _ = tenantdb.OpenStore[global.Schema](ctx, dir)  // ERROR `wrong type for method kind.*have kind\(tenantdb\.globalKind\).*want kind\(tenantdb\.tenantKind\)`
	var _ *tenantdb.TenantDB[global.Schema]             // ERROR `wrong type for method kind.*have kind\(tenantdb\.globalKind\).*want kind\(tenantdb\.tenantKind\)`
	var _ *tenantdb.GlobalDB[tenant.Schema]             // ERROR `wrong type for method kind.*have kind\(tenantdb\.tenantKind\).*want kind\(tenantdb\.globalKind\)`
}
