// The interface of one schema's handles is not converted to another's.
package p

import (
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _(h tenantdb.Handle[invoices]) {
	_ = tenant.Handle(h)                      // ERROR `wrong type for method reads.*have reads\(invoices\).*want reads\(tenant\.Schema\)`
	_ = tenantdb.ReadHandle[tenant.Schema](h) // ERROR `wrong type for method reads.*have reads\(invoices\).*want reads\(tenant\.Schema\)`
	_ = h.(*tenant.DB)                        // ERROR `wrong type for method reads.*have reads\(tenant\.Schema\).*want reads\(invoices\)`
}
