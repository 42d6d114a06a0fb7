// A struct that looks like a handle is not converted to one.
package p

import "github.com/silokit/silo/gen/tenant"

type lookAlike struct {
	_ [0]func(tenant.Schema, struct{})
	a *address
}

type address struct{}

type empty struct{}

func _() {
	_ = (*tenant.DB)(&lookAlike{}) // ERROR `cannot convert .*\*lookAlike\) to type \*tenant\.DB`
	_ = tenant.DB(lookAlike{})     // ERROR `cannot convert .*lookAlike\) to type tenant\.DB`
	_ = (*tenant.DB)(&empty{})     // ERROR `cannot convert .*\*empty\) to type \*tenant\.DB`
}
