// Queries accept the handles of their own schema.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
)

func _() {
	tenant.New(tenantDB)
	tenant.New(tenantTx)
	tenant.NewReader(tenantDB)
	tenant.NewReader(tenantTx)
	tenant.NewReader(tenantReadTx)

	global.New(globalDB)
	global.New(globalTx)
	global.NewReader(globalDB)
	global.NewReader(globalTx)
	global.NewReader(globalReadTx)

	newInvoices(invoicesDB)
	newInvoices(invoicesTx)
	newInvoicesReader(invoicesDB)
	newInvoicesReader(invoicesTx)
	newInvoicesReader(invoicesReadTx)
}
