// Handles are not compared as values.
package p

import "github.com/silokit/silo/gen/tenant"

func _() {
	_ = *tenantDB == *tenantDB       // ERROR `invalid operation: \*tenantDB == \*tenantDB \(struct containing tenantdb\.brand\[tenant\.Schema, tenantdb\.tenantDBKind\] cannot be compared\)`
	_ = *tenantTx == *tenantTx       // ERROR `invalid operation: \*tenantTx == \*tenantTx \(struct containing tenantdb\.brand\[tenant\.Schema, tenantdb\.txKind\] cannot be compared\)`
	_ = *tenantStore == *tenantStore // ERROR `invalid operation: \*tenantStore == \*tenantStore \(struct containing tenantdb\.brand\[tenant\.Schema, tenantdb\.storeKind\] cannot be compared\)`
	_ = *globalDB == *globalDB       // ERROR `invalid operation: \*globalDB == \*globalDB \(struct containing tenantdb\.brand\[global\.Schema, tenantdb\.globalDBKind\] cannot be compared\)`
	_ = tenantDB == invoicesDB       // ERROR `invalid operation: tenantDB == invoicesDB \(mismatched types \*tenant\.DB and \*tenantdb\.TenantDB\[invoices\]\)`
	_ = tenantTx == globalTx         // ERROR `invalid operation: tenantTx == globalTx \(mismatched types \*tenant\.Tx and \*global\.Tx\)`
}

var _ map[tenant.DB]bool // ERROR `invalid map key type tenant\.DB`
