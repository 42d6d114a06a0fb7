// Handles are not made as literals with fields.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
)

func _() {
	_ = tenant.DB{a: nil}                             // ERROR `cannot refer to unexported field a in struct literal of type tenant\.DB`
	_ = tenant.Tx{t: nil}                             // ERROR `cannot refer to unexported field t in struct literal of type tenant\.Tx`
	_ = tenant.ReadTx{t: nil}                         // ERROR `cannot refer to unexported field t in struct literal of type tenant\.ReadTx`
	_ = tenant.Store{s: nil}                          // ERROR `cannot refer to unexported field s in struct literal of type tenant\.Store`
	_ = global.DB{a: nil}                             // ERROR `cannot refer to unexported field a in struct literal of type global\.DB`
	_ = tenant.DB{[0]func(tenant.Schema, int){}, nil} // ERROR `implicit assignment to unexported field _ in struct literal of type tenant\.DB` `implicit assignment to unexported field a in struct literal of type tenant\.DB`
}
