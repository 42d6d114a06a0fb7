// A *sql.DB or *sql.Tx is no handle to the global database.
package p

import "github.com/silokit/silo/gen/global"

func _() {
	global.New(sqlDB)       // ERROR `\*sql\.DB does not implement tenantdb\.Handle\[global\.Schema\] \(missing method reads\)`
	global.NewReader(sqlTx) // ERROR `\*sql\.Tx does not implement tenantdb\.ReadHandle\[global\.Schema\] \(missing method reads\)`
}
