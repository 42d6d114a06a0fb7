package tenantdb

import (
	"context"

	"github.com/silokit/silo/tenantdb/internal/underway"
)

// bindingKey finds what a context is bound to.
type bindingKey struct{}

// binding is what a context is bound to: a tenant, transactions that it is inside of,
// or both. It is one value under one key, so that a call looks through its context once.
type binding struct {
	tenant ID       // zero where there is none
	in     *address // the database of the innermost transaction, or nil
	outer  *binding // what the context of that transaction was bound to
}

// boundContext is a context that is bound. It is one allocation, for each request makes one.
type boundContext struct {
	context.Context
	binding binding
}

// Value returns the binding for its own key.
func (c *boundContext) Value(key any) any {
	if key == (bindingKey{}) {
		return &c.binding
	}
	return c.Context.Value(key)
}

func bindingOf(ctx context.Context) *binding {
	b, _ := ctx.Value(bindingKey{}).(*binding)
	return b
}

// WithTenant returns a context that carries the tenant. It does not ask whether
// the tenant exists; [Store.Resolve] does. A context carries one tenant for life:
// for another one than it has, the error is [ErrTenantRebound].
func WithTenant(ctx context.Context, id ID) (context.Context, error) {
	if id.IsZero() {
		return nil, &Error{Op: "bind context", Err: ErrNoTenant, Hint: "the ID is zero; make it with ParseID"}
	}
	bound := bindingOf(ctx)
	switch {
	case bound == nil:
		return &boundContext{ctx, binding{tenant: id}}, nil
	case bound.tenant == id:
		return ctx, nil
	case bound.tenant.IsZero():
		return &boundContext{ctx, binding{tenant: id, in: bound.in, outer: bound.outer}}, nil
	}
	return nil, &Error{Op: "bind context", Tenant: id, Err: ErrTenantRebound,
		Hint: "the context is of tenant " + bound.tenant.String() + "; begin with a context that has none"}
}

// Detach returns a context for work that goes on when what ctx is of has ended, such as a
// goroutine that a request leaves behind. It carries the tenant, and the values by which
// ctx says who acts and what is traced; it does not end with ctx, and has no deadline of it.
// It is in no transaction: with the context of a callback of [TenantDB.Write] it makes that the
// database can be used by handles again, which wait for the callback to end. A Tx or ReadTx is of
// no use to such work, for it ends with its callback.
//
// A context without a tenant gives one without. Who starts the work must see to it that
// it ends before the Dir is closed; package worker does.
func Detach(ctx context.Context) context.Context {
	detached := underway.Without(context.WithoutCancel(ctx))
	if bound := bindingOf(ctx); bound != nil && bound.in != nil {
		return &boundContext{detached, binding{tenant: bound.tenant}}
	}
	return detached
}

// TenantFrom returns the tenant that ctx carries, if it carries one.
func TenantFrom(ctx context.Context) (ID, bool) {
	b := bindingOf(ctx)
	if b == nil {
		return ID{}, false
	}
	return b.tenant, !b.tenant.IsZero()
}

// withTransaction returns the context of a callback of Write or Read on the database
// at a.
func withTransaction(ctx context.Context, a *address) context.Context {
	outer := bindingOf(ctx)
	inside := binding{in: a, outer: outer}
	if outer != nil {
		inside.tenant = outer.tenant
	}
	return &boundContext{ctx, inside}
}

// inTransaction reports whether the context was given to a callback of Write or Read on
// the database at a.
func (b *binding) inTransaction(a *address) bool {
	for ; b != nil; b = b.outer {
		if b.in != nil && b.in.dir == a.dir && b.in.tenant == a.tenant {
			return true
		}
	}
	return false
}
