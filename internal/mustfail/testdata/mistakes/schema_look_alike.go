// A schema with the same structure, or defined from another, has not its handles.
package p

import (
	"io/fs"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

type lookAlike struct{ tenantdb.Tenant }

func (lookAlike) Migrations() fs.FS       { return tenant.Schema{}.Migrations() }
func (lookAlike) Origin() tenantdb.Origin { return tenant.Schema{}.Origin() }

type defined tenant.Schema

func _(db *tenantdb.TenantDB[lookAlike], tx *tenantdb.Tx[defined]) {
	tenant.New(db)       // ERROR `wrong type for method reads.*have reads\(lookAlike\).*want reads\(tenant\.Schema\)`
	tenant.NewReader(tx) // ERROR `wrong type for method reads.*have reads\(defined\).*want reads\(tenant\.Schema\)`
	_ = (*tenant.DB)(db) // ERROR `cannot convert .*\*tenantdb\.TenantDB\[lookAlike\]\) to type \*tenant\.DB`
	_ = (*tenant.Tx)(tx) // ERROR `cannot convert .*\*tenantdb\.Tx\[defined\]\) to type \*tenant\.Tx`
}
