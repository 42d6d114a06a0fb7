// A tenant's queries do not run in a transaction of another schema.
package p

import "github.com/silokit/silo/gen/tenant"

func _() {
	tenant.New(invoicesTx)       // ERROR `wrong type for method reads.*have reads\(invoices\).*want reads\(tenant\.Schema\)`
	tenant.NewReader(invoicesTx) // ERROR `wrong type for method reads.*have reads\(invoices\).*want reads\(tenant\.Schema\)`
	newInvoices(tenantTx)        // ERROR `wrong type for method reads.*have reads\(tenant\.Schema\).*want reads\(invoices\)`
}
