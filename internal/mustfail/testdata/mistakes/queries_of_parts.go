// Queries are not put together by hand from another schema's.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _() {
	_ = tenant.Queries{Reader: *global.NewReader(globalDB)} // ERROR `type global\.Reader\) as tenant\.Reader value in struct literal`
	_ = tenant.Queries{Reader: global.New(globalDB).Reader} // ERROR `type global\.Reader\) as tenant\.Reader value in struct literal`
	_ = tenant.Reader{b: tenantdb.Bind(globalDB)}           // ERROR `cannot refer to unexported field b in struct literal of type tenant\.Reader`
	_ = (*tenant.Queries)(global.New(globalDB))             // ERROR `cannot convert .*\*global\.Queries\) to type \*tenant\.Queries`
	_ = tenant.Queries(*global.New(globalDB))               // ERROR `cannot convert .*global\.Queries\) to type tenant\.Queries`
}
