// Queries, which write, cannot be made of a Reader, which does not.
package p

import "github.com/silokit/silo/gen/tenant"

func _(reader *tenant.Reader) {
	_ = tenant.Queries{Reader: *reader}   // ERROR `unknown field Reader in struct literal of type tenant\.Queries`
	_ = tenant.Queries{*reader}           // ERROR `implicit assignment to unexported field reader`
	_ = (*tenant.Queries)(reader)         // ERROR `cannot convert reader .*to type \*tenant\.Queries`
	tenant.New(tenantDB).reader = *reader // ERROR `reader undefined`
}
