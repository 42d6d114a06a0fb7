// A struct that embeds a handle is one of its schema only.
package p

import (
	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
)

type repository struct{ *global.DB }

func _(r repository) {
	tenant.New(r)       // ERROR `wrong type for method reads.*have reads\(global\.Schema\).*want reads\(tenant\.Schema\)`
	tenant.NewReader(r) // ERROR `wrong type for method reads.*have reads\(global\.Schema\).*want reads\(tenant\.Schema\)`
}
