// A query of one schema is no method of another's queries.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
)

func _() {
	_, _ = tenant.New(tenantDB).GetUserByEmail(ctx, "ann@example.com") // ERROR `tenant\.New\(tenantDB\)\.GetUserByEmail undefined \(type \*tenant\.Queries has no field or method GetUserByEmail\)`
	_, _ = global.New(globalDB).ListModules(ctx, nil)                  // ERROR `global\.New\(globalDB\)\.ListModules undefined \(type \*global\.Queries has no field or method ListModules\)`
}
