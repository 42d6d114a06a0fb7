// A tenant's queries do not run on a tenant's database of another schema.
package p

import "github.com/silokit/silo/gen/tenant"

func _() {
	tenant.New(invoicesDB)       // ERROR `wrong type for method reads.*have reads\(invoices\).*want reads\(tenant\.Schema\)`
	tenant.NewReader(invoicesDB) // ERROR `wrong type for method reads.*have reads\(invoices\).*want reads\(tenant\.Schema\)`
	newInvoices(tenantDB)        // ERROR `wrong type for method reads.*have reads\(tenant\.Schema\).*want reads\(invoices\)`
}
