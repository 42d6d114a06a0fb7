// Handles are pointers: a copy of one is none.
package p

import "github.com/silokit/silo/gen/tenant"

func _() {
	tenant.New(*tenantDB)       // ERROR `tenantdb\.TenantDB\[tenant\.Schema\] does not implement tenantdb\.Handle\[tenant\.Schema\] \(method reads has pointer receiver\)`
	tenant.NewReader(*tenantTx) // ERROR `tenantdb\.Tx\[tenant\.Schema\] does not implement tenantdb\.ReadHandle\[tenant\.Schema\] \(method reads has pointer receiver\)`
}
