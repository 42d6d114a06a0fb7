// A *sql.DB is no tenant's handle.
package p

import "github.com/silokit/silo/gen/tenant"

func _() {
	tenant.New(sqlDB)       // ERROR `\*sql\.DB does not implement tenantdb\.Handle\[tenant\.Schema\] \(missing method reads\)`
	tenant.NewReader(sqlDB) // ERROR `\*sql\.DB does not implement tenantdb\.ReadHandle\[tenant\.Schema\] \(missing method reads\)`
}
