// A type with methods of the right names is no handle.
package p

import "github.com/silokit/silo/gen/tenant"

type lookAlike struct{}

func (lookAlike) reads(tenant.Schema) query { return query{} }
func (lookAlike) writes(tenant.Schema)      {}

type query struct{}

func _() {
	tenant.New(lookAlike{})       // ERROR `lookAlike does not implement tenantdb\.Handle\[tenant\.Schema\] \(unexported method reads\)`
	tenant.NewReader(lookAlike{}) // ERROR `lookAlike does not implement tenantdb\.ReadHandle\[tenant\.Schema\] \(unexported method reads\)`
}
