// A type argument does not change what a function of generated code accepts.
package p

import (
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _() {
	_ = tenantdb.Bind[tenant.Schema](globalDB) // ERROR `wrong type for method reads.*have reads\(global\.Schema\).*want reads\(tenant\.Schema\)`
	_ = tenant.New[invoices](invoicesDB)       // ERROR `cannot index tenant\.New \(value of type func\(h tenant\.Handle\) \*tenant\.Queries\)`
}
