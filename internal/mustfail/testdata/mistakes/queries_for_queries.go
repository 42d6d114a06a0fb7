// Queries of one schema are not those of another.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
)

func inTenant(*tenant.Queries) {}

func _() {
	inTenant(global.New(globalDB))       // ERROR `type \*global\.Queries\) as \*tenant\.Queries value in argument to inTenant`
	inTenant(tenant.NewReader(tenantDB)) // ERROR `type \*tenant\.Reader\) as \*tenant\.Queries value in argument to inTenant`
}
