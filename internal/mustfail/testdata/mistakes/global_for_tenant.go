// A tenant's queries do not run on the global database.
package p

import "github.com/silokit/silo/gen/tenant"

func _() {
	tenant.New(globalDB)           // ERROR `wrong type for method reads.*have reads\(global\.Schema\).*want reads\(tenant\.Schema\)`
	tenant.New(globalTx)           // ERROR `wrong type for method reads.*have reads\(global\.Schema\).*want reads\(tenant\.Schema\)`
	tenant.NewReader(globalDB)     // ERROR `wrong type for method reads.*have reads\(global\.Schema\).*want reads\(tenant\.Schema\)`
	tenant.NewReader(globalTx)     // ERROR `wrong type for method reads.*have reads\(global\.Schema\).*want reads\(tenant\.Schema\)`
	tenant.NewReader(globalReadTx) // ERROR `wrong type for method reads.*have reads\(global\.Schema\).*want reads\(tenant\.Schema\)`
}
