// Package passage lets operations on tenants past the gate that asks for their state: who
// creates, suspends or moves a tenant must reach it when nobody else may.
package passage

import "context"

type key struct{}

// With returns a context with which the tenant of that name is resolved whatever its state.
// Only that one: code of an application that gets the context reaches no other by it.
func With(ctx context.Context, tenant string) context.Context {
	return context.WithValue(ctx, key{}, tenant)
}

// Has reports whether the context came from With for the tenant.
func Has(ctx context.Context, tenant string) bool {
	name, ok := ctx.Value(key{}).(string)
	return ok && name == tenant
}

// Without returns a context with which every tenant is resolved by its state alone: work
// that goes on when the operation has ended must not reach what nobody may.
func Without(ctx context.Context) context.Context {
	if _, ok := ctx.Value(key{}).(string); !ok {
		return ctx
	}
	return context.WithValue(ctx, key{}, nil)
}
