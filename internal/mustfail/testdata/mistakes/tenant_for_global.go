// Global queries do not run on a tenant's database.
package p

import "github.com/silokit/silo/gen/global"

func _() {
	global.New(tenantDB)           // ERROR `wrong type for method reads.*have reads\(tenant\.Schema\).*want reads\(global\.Schema\)`
	global.New(tenantTx)           // ERROR `wrong type for method reads.*have reads\(tenant\.Schema\).*want reads\(global\.Schema\)`
	global.NewReader(tenantDB)     // ERROR `wrong type for method reads.*have reads\(tenant\.Schema\).*want reads\(global\.Schema\)`
	global.NewReader(tenantTx)     // ERROR `wrong type for method reads.*have reads\(tenant\.Schema\).*want reads\(global\.Schema\)`
	global.NewReader(tenantReadTx) // ERROR `wrong type for method reads.*have reads\(tenant\.Schema\).*want reads\(global\.Schema\)`
}
