// A generic function does not convert handles.
package p

import (
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _[S tenantdb.TenantSchema](db *tenantdb.TenantDB[S]) *tenant.DB {
	return (*tenant.DB)(db) // ERROR `cannot convert .*\*tenantdb\.TenantDB\[S\]\) to type \*tenant\.DB`
}

func _[From, To tenantdb.TenantSchema](db *tenantdb.TenantDB[From]) *tenantdb.TenantDB[To] {
	return (*tenantdb.TenantDB[To])(db) // ERROR `cannot convert .*\*tenantdb\.TenantDB\[From\]\) to type \*tenantdb\.TenantDB\[To\]`
}

func _[From, To any](tx *tenantdb.Tx[From]) *tenantdb.Tx[To] {
	return (*tenantdb.Tx[To])(tx) // ERROR `cannot convert .*\*tenantdb\.Tx\[From\]\) to type \*tenantdb\.Tx\[To\]`
}
