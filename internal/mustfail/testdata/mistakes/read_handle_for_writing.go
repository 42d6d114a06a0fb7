// A handle that only reads makes no queries that write.
package p

import (
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _(r tenantdb.ReadHandle[tenant.Schema]) {
	tenant.New(r) // ERROR `tenantdb\.ReadHandle\[tenant\.Schema\] does not implement tenantdb\.Handle\[tenant\.Schema\] \(missing method writes\)`
}
