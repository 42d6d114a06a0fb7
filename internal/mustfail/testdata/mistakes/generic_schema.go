// A generic function does not make one schema's queries from any schema's handle.
package p

import (
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _[S tenantdb.TenantSchema](db *tenantdb.TenantDB[S]) {
	tenant.New(db) // ERROR `wrong type for method reads.*have reads\(S\).*want reads\(tenant\.Schema\)`
}

func _[S any](tx *tenantdb.Tx[S], h tenantdb.Handle[S]) {
	tenant.New(tx) // ERROR `wrong type for method reads.*have reads\(S\).*want reads\(tenant\.Schema\)`
	tenant.New(h)  // ERROR `wrong type for method reads.*have reads\(S\).*want reads\(tenant\.Schema\)`
}
