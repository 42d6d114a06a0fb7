// Queries are not put together by hand from another schema's.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

func _() {
	_ = tenant.Queries{*global.NewReader(globalDB)} // ERROR `implicit assignment to unexported field reader`
	_ = tenant.Reader{b: tenantdb.Bind(globalDB)}   // ERROR `cannot refer to unexported field b in struct literal of type tenant\.Reader`
	_ = (*tenant.Queries)(global.New(globalDB))     // ERROR `cannot convert .*\*global\.Queries\) to type \*tenant\.Queries`
	_ = tenant.Queries(*global.New(globalDB))       // ERROR `cannot convert .*global\.Queries\) to type tenant\.Queries`
}
