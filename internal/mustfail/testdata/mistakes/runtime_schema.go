// Queries do not run on a database whose schema was given while the program runs.
package p

import (
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _(db *tenantdb.TenantDB[tenantdb.RuntimeSchema], tx *tenantdb.Tx[tenantdb.RuntimeSchema]) {
	tenant.New(db)       // ERROR `wrong type for method reads.*have reads\(tenantdb\.RuntimeSchema\).*want reads\(tenant\.Schema\)`
	tenant.NewReader(db) // ERROR `wrong type for method reads.*have reads\(tenantdb\.RuntimeSchema\).*want reads\(tenant\.Schema\)`
	tenant.New(tx)       // ERROR `wrong type for method reads.*have reads\(tenantdb\.RuntimeSchema\).*want reads\(tenant\.Schema\)`
}
