// A folder of tenants is no tenant.
package p

import "github.com/silokit/silo/gen/tenant"

func _() {
	tenant.New(dir)               // ERROR `\*tenantdb\.Dir does not implement tenantdb\.Handle\[tenant\.Schema\] \(missing method reads\)`
	tenant.New(tenantStore)       // ERROR `\*tenant\.Store does not implement tenantdb\.Handle\[tenant\.Schema\] \(missing method reads\)`
	tenant.NewReader(tenantStore) // ERROR `\*tenant\.Store does not implement tenantdb\.ReadHandle\[tenant\.Schema\] \(missing method reads\)`
}
