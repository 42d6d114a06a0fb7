// The interface of one schema's handles is not that of another's.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _(h tenantdb.Handle[invoices], r tenantdb.ReadHandle[global.Schema]) {
	tenant.New(h)       // ERROR `wrong type for method reads.*have reads\(invoices\).*want reads\(tenant\.Schema\)`
	tenant.NewReader(r) // ERROR `wrong type for method reads.*have reads\(global\.Schema\).*want reads\(tenant\.Schema\)`
}
