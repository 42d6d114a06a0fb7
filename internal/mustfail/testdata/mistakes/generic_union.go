// A union of schemas is not resolved to one of them.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _[S tenant.Schema | invoices](tx *tenantdb.Tx[S]) {
	tenant.New(tx) // ERROR `wrong type for method reads.*have reads\(S\).*want reads\(tenant\.Schema\)`
}

func _[H *tenant.Tx | *global.Tx](h H) {
	tenant.New(h) // ERROR `type H constrained by \*tenant\.Tx \| \*global\.Tx\) as tenant\.Handle value in argument to tenant\.New`
}

func _[H *tenant.DB | *tenantdb.TenantDB[invoices]](h H) {
	_ = (*tenant.DB)(h) // ERROR `cannot convert .*\*tenant\.DB: cannot convert \*tenantdb\.TenantDB\[invoices\] \(in H\) to type \*tenant\.DB`
}
