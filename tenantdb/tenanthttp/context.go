package tenanthttp

import "context"

// requestContext is the context of a request that has passed a Middleware. It is one value
// for all that handlers are told, so that a request costs one allocation for it.
type requestContext struct {
	context.Context // carries the tenant
	who             Identity
	edge            *edge
}

type contextKey struct{}

// Value returns the requestContext itself for its own key.
func (c *requestContext) Value(key any) any {
	if key == (contextKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// IdentityFrom returns what was found out about whose the request is whose context ctx
// is, or is made from. Its Tenant is that of the context.
func IdentityFrom(ctx context.Context) (Identity, bool) {
	c, ok := ctx.Value(contextKey{}).(*requestContext)
	if !ok {
		return Identity{}, false
	}
	return c.who, true
}

// edgeOf returns the Middleware that the request has passed, or one with the defaults if it has
// passed none.
func edgeOf(ctx context.Context) (e *edge, passed bool) {
	if c, ok := ctx.Value(contextKey{}).(*requestContext); ok {
		return c.edge, true
	}
	return &edge{options: Options{}.withDefaults()}, false
}
