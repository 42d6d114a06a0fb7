// A query that writes is not run in a snapshot.
package p

import (
	"context"

	"github.com/silokit/silo/gen/tenant"
)

func _() error {
	return tenant.Read(ctx, tenantDB, func(ctx context.Context, q *tenant.Reader) error {
		_, err := q.CreateModule(ctx, tenant.CreateModuleParams{}) // ERROR `q\.CreateModule undefined \(type \*tenant\.Reader has no field or method CreateModule\)`
		return err
	})
}
