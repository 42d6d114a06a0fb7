// Package passage lets operations on tenants past the gate that asks for their state: who
// creates, suspends or moves a tenant must reach it when nobody else may.
package passage

import (
	"context"

	"github.com/silokit/silo/tenantdb/internal/underway"
)

type key struct{}

// With returns a context with which the tenant of that name is resolved whatever its state.
// Only that one: code of an application that gets the context reaches no other by it.
func With(ctx context.Context, tenant string) context.Context {
	return underway.With(ctx, key{}, tenant)
}

// Has reports whether the context came from With for the tenant.
func Has(ctx context.Context, tenant string) bool {
	name, ok := underway.Value(ctx, key{}).(string)
	return ok && name == tenant
}
