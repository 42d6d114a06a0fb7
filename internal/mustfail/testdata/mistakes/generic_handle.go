// A constraint on handles of one schema does not let in another's.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func ofTenant[H tenantdb.Handle[tenant.Schema]](h H) { tenant.New(h) }

func _[H tenantdb.Handle[global.Schema]](h H) {
	tenant.New(h) // ERROR `type H constrained by tenantdb\.Handle\[global\.Schema\]\) as tenant\.Handle value in argument to tenant\.New`
}

func _() {
	ofTenant(globalDB)     // ERROR `wrong type for method reads.*have reads\(global\.Schema\).*want reads\(tenant\.Schema\)`
	ofTenant(invoicesTx)   // ERROR `wrong type for method reads.*have reads\(invoices\).*want reads\(tenant\.Schema\)`
	ofTenant(tenantReadTx) // ERROR `\*tenant\.ReadTx\) does not satisfy tenantdb\.Handle\[tenant\.Schema\] \(missing method writes\)`
}
