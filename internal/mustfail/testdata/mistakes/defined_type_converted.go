// A handle's type under another name has lost its methods.
package p

import (
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

type mine tenantdb.TenantDB[tenant.Schema]

func _() {
	tenant.New((*mine)(tenantDB)) // ERROR `\*mine does not implement tenantdb\.Handle\[tenant\.Schema\] \(missing method reads\)`
	_ = (*mine)(invoicesDB)       // ERROR `cannot convert .*\*tenantdb\.TenantDB\[invoices\]\) to type \*mine`
}
