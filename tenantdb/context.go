package tenantdb

import "context"

type tenantKey struct{}

// WithTenant returns a context that carries the tenant. It does not ask whether
// the tenant exists; [Store.Resolve] does. A context carries one tenant for life:
// for another one than it has, the error is [ErrTenantRebound].
func WithTenant(ctx context.Context, id ID) (context.Context, error) {
	if id.IsZero() {
		return nil, &Error{Op: "bind context", Err: ErrNoTenant, Hint: "the ID is zero; make it with ParseID"}
	}
	if bound, ok := TenantFrom(ctx); ok {
		if bound == id {
			return ctx, nil
		}
		return nil, &Error{Op: "bind context", Tenant: id, Err: ErrTenantRebound,
			Hint: "the context is of tenant " + bound.String() + "; begin with a context that has none"}
	}
	return context.WithValue(ctx, tenantKey{}, id), nil
}

// TenantFrom returns the tenant that ctx carries, if it carries one.
func TenantFrom(ctx context.Context) (ID, bool) {
	id, ok := ctx.Value(tenantKey{}).(ID)
	return id, ok
}

// transactionKey finds the innermost transaction that a context is inside of.
type transactionKey struct{}

// transactionMark says that a context is inside a transaction of a database.
type transactionMark struct {
	in    *address
	outer *transactionMark
}

func withTransaction(ctx context.Context, in *address) context.Context {
	outer, _ := ctx.Value(transactionKey{}).(*transactionMark)
	return context.WithValue(ctx, transactionKey{}, &transactionMark{in: in, outer: outer})
}

// inTransaction reports whether ctx was given to a callback of Write or Read on
// the database at a.
func inTransaction(ctx context.Context, a *address) bool {
	mark, _ := ctx.Value(transactionKey{}).(*transactionMark)
	for ; mark != nil; mark = mark.outer {
		if mark.in.dir == a.dir && mark.in.tenant == a.tenant {
			return true
		}
	}
	return false
}
