// A handle is not assigned to a variable of another schema's.
package p

import "github.com/silokit/silo/gen/tenant"

func _() {
	var db *tenant.DB = invoicesDB          // ERROR `type \*tenantdb\.TenantDB\[invoices\]\) as \*tenant\.DB value in variable declaration`
	var tx *tenant.Tx = globalTx            // ERROR `type \*global\.Tx\) as \*tenant\.Tx value in variable declaration`
	var h tenant.Handle = globalDB          // ERROR `wrong type for method reads.*have reads\(global\.Schema\).*want reads\(tenant\.Schema\)`
	var store *tenant.Store = invoicesStore // ERROR `type \*tenantdb\.Store\[invoices\]\) as \*tenant\.Store value in variable declaration`
	_, _, _, _ = db, tx, h, store
}
