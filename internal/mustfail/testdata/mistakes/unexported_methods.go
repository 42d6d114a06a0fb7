// What a handle is bound to is not asked for by hand.
package p

import "github.com/silokit/silo/gen/tenant"

func _() {
	_ = tenantDB.reads(tenant.Schema{}) // ERROR `tenantDB\.reads undefined \(cannot refer to unexported method reads\)`
	tenantDB.writes(tenant.Schema{})    // ERROR `tenantDB\.writes undefined \(cannot refer to unexported method writes\)`
	_ = globalTx.reads                  // ERROR `globalTx\.reads undefined \(cannot refer to unexported method reads\)`
}
