// Package crossed does not compile: see the test of package notes.
package crossed

import (
	"github.com/silokit/silo/examples/service/gen/global"
	"github.com/silokit/silo/examples/service/gen/tenant"
)

// Mixed takes the global database for a tenant's.
func Mixed(db *global.DB) *tenant.Queries {
	return tenant.New(db)
}
