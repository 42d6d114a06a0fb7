// A schema is of one kind: one of both is of neither.
package p

import (
	"io/fs"

	"github.com/silokit/silo/tenantdb"
)

type both struct {
	tenantdb.Tenant
	tenantdb.Global
}

func (both) Migrations() fs.FS       { return nil }
func (both) Origin() tenantdb.Origin { return tenantdb.Origin{} }

var _ tenantdb.TenantSchema = both{} // ERROR `both does not implement tenantdb\.TenantSchema \(ambiguous selector both\.kind\)`
var _ tenantdb.GlobalSchema = both{} // ERROR `both does not implement tenantdb\.GlobalSchema \(ambiguous selector both\.kind\)`

func _() {
	_, _ = tenantdb.OpenStore[both](ctx, dir)  // ERROR `both does not satisfy tenantdb\.TenantSchema \(ambiguous selector both\.kind\)`
	_, _ = tenantdb.OpenGlobal[both](ctx, dir) // ERROR `both does not satisfy tenantdb\.GlobalSchema \(ambiguous selector both\.kind\)`
	_ = (*tenantdb.TenantDB[both])(nil)        // ERROR `both does not satisfy tenantdb\.TenantSchema \(ambiguous selector both\.kind\)`
}
