// A tenant's queries do not run in a snapshot of another schema.
package p

import "github.com/silokit/silo/gen/tenant"

func _() {
	tenant.NewReader(invoicesReadTx) // ERROR `wrong type for method reads.*have reads\(invoices\).*want reads\(tenant\.Schema\)`
	newInvoicesReader(tenantReadTx)  // ERROR `wrong type for method reads.*have reads\(tenant\.Schema\).*want reads\(invoices\)`
}
