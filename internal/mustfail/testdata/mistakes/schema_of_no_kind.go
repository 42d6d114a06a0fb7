// A schema that embeds neither kind is none.
package p

import (
	"io/fs"

	"github.com/silokit/silo/tenantdb"
)

type neither struct{}

func (neither) Migrations() fs.FS       { return nil }
func (neither) Origin() tenantdb.Origin { return tenantdb.Origin{} }
func (neither) kind(struct{})           {}

func _() {
	_, _ = tenantdb.OpenStore[neither](ctx, dir)  // ERROR `neither does not satisfy tenantdb\.TenantSchema \(unexported method kind\)`
	_, _ = tenantdb.OpenGlobal[neither](ctx, dir) // ERROR `neither does not satisfy tenantdb\.GlobalSchema \(unexported method kind\)`
}
