// Queries that write are not made from a snapshot.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
)

func _() {
	tenant.New(tenantReadTx) // ERROR `\*tenant\.ReadTx does not implement tenantdb\.Handle\[tenant\.Schema\] \(missing method writes\)`
	global.New(globalReadTx) // ERROR `\*global\.ReadTx does not implement tenantdb\.Handle\[global\.Schema\] \(missing method writes\)`
}
