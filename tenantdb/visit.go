package tenantdb

import "context"

// Visit calls f with the handle to a tenant, as [Store.Resolve] gives it, and a context that
// carries the tenant: for work that goes through many tenants, of which most are asked for
// by nobody else at the moment. What Visit has to open it closes when f has returned, unless
// somebody else has asked for it meanwhile, so such work has as many places of
// Options.MaxOpen as it makes visits at once, whatever the number of tenants.
//
// ctx carries no tenant, or this one; with another the error is [ErrTenantRebound]. Errors of
// opening are those of Resolve, and f is not called then; what f returns, Visit returns as it
// is. The handle may be kept: it is then as any other.
func (st *Store[S]) Visit(ctx context.Context, id ID, f func(ctx context.Context, db *TenantDB[S]) error) error {
	if st == nil || st.s == nil {
		return noHandle("visit")
	}
	ctx, err := WithTenant(ctx, id)
	if err != nil {
		return err
	}
	a, err := st.s.resolveFor(ctx, passingBy)
	if err != nil {
		return err
	}
	defer st.s.dir.tenants.DiscardUnwanted(id)
	return f(ctx, &TenantDB[S]{a: a})
}
