// A struct that embeds handles of two schemas is a handle of neither.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

type both struct {
	*tenant.DB
	*tenantdb.Tx[global.Schema]
}

func _(b both) {
	tenant.New(b) // ERROR `both does not implement tenantdb\.Handle\[tenant\.Schema\] \(ambiguous selector both\.reads\)`
	global.New(b) // ERROR `both does not implement tenantdb\.Handle\[global\.Schema\] \(ambiguous selector both\.reads\)`
}
