// A schema is of the kind that it embeds, and opens databases of that kind.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

var (
	_ tenantdb.TenantSchema = tenant.Schema{}
	_ tenantdb.TenantSchema = invoices{}
	_ tenantdb.GlobalSchema = global.Schema{}
	_ tenantdb.GlobalSchema = payroll{}
)

func _() {
	_, _ = tenantdb.OpenStore[tenant.Schema](ctx, dir)
	_, _ = tenantdb.OpenStore[invoices](ctx, dir)
	_, _ = tenantdb.OpenGlobal[global.Schema](ctx, dir)
	_, _ = tenantdb.OpenGlobal[payroll](ctx, dir)
}
