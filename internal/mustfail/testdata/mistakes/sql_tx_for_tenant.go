// A *sql.Tx or *sql.Conn is no tenant's handle.
package p

import "github.com/silokit/silo/gen/tenant"

func _() {
	tenant.New(sqlTx)         // ERROR `\*sql\.Tx does not implement tenantdb\.Handle\[tenant\.Schema\] \(missing method reads\)`
	tenant.NewReader(sqlTx)   // ERROR `\*sql\.Tx does not implement tenantdb\.ReadHandle\[tenant\.Schema\] \(missing method reads\)`
	tenant.New(sqlConn)       // ERROR `\*sql\.Conn does not implement tenantdb\.Handle\[tenant\.Schema\] \(missing method reads\)`
	tenant.NewReader(sqlConn) // ERROR `\*sql\.Conn does not implement tenantdb\.ReadHandle\[tenant\.Schema\] \(missing method reads\)`
}
