package fleet

import (
	"context"
	"errors"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Each calls f once for each tenant that the options mean, for several at once, with the tenant's
// handle and a context that carries that tenant and no other. A tenant that is not open is opened,
// and migrated, for that call, and closed after it: see [tenantdb.Store.Visit]. Those whose state
// lets nobody in, as of suspended ones, are passed over, and so are those that were deleted since
// the tenants were listed.
//
// What f returns for one tenant does not keep the others from being visited, unless
// Options.MaxFailures says so: in the end the error is a [*PartialError]. When ctx ends, no more
// calls of f are begun, those under way see that by their contexts, and Each returns ctx's error,
// joined with a *PartialError of what had failed before. A panic in f ends the process, as in any
// goroutine.
//
// ctx carries no tenant: with one the error is [tenantdb.ErrTenantRebound].
func Each[S tenantdb.TenantSchema](ctx context.Context, store *tenantdb.Store[S], o Options, f func(ctx context.Context, db *tenantdb.TenantDB[S]) error) error {
	if err := free(ctx); err != nil {
		return err
	}
	ids, err := o.Select.tenants(ctx, store, o.Catalog)
	if err != nil {
		return failed("each", err)
	}
	named := len(o.Select.Tenants) > 0
	w := work[struct{}]{workers: workers(o.Workers), maxFailures: o.MaxFailures}
	m := newMeter(len(ids), time.Now)
	w.done = func(_ tenantdb.ID, _ struct{}, err error) {
		p := m.step(err)
		if o.Progress != nil {
			o.Progress(p)
		}
	}
	return w.run(ctx, ids, func(ctx context.Context, id tenantdb.ID) (struct{}, error) {
		called := false
		err := store.Visit(ctx, id, func(ctx context.Context, db *tenantdb.TenantDB[S]) error {
			called = true
			return f(ctx, db)
		})
		if err != nil && !called && !named && passedOver(ctx, o.Catalog, id, err) {
			err = nil
		}
		return struct{}{}, err
	})
}

// passedOver reports whether an error of reaching a tenant that was listed says that nobody is
// let in, or that it is not there any more.
func passedOver(ctx context.Context, cat *catalog.Catalog, id tenantdb.ID, err error) bool {
	var state *catalog.StateError
	switch {
	case errors.As(err, &state):
		return true
	case !errors.Is(err, tenantdb.ErrUnknownTenant):
		return false
	case cat == nil:
		return true // it had a file
	}
	t, err := cat.Get(ctx, id) // one that is in use, and has no file, has lost it
	return errors.Is(err, catalog.ErrNotRegistered) || err == nil && t.State != catalog.Active && t.State != catalog.Suspended
}

// free refuses a context that is of one tenant: what is done with others would be too.
func free(ctx context.Context) error {
	if id, ok := tenantdb.TenantFrom(ctx); ok {
		return &tenantdb.Error{Op: "work on many tenants", Tenant: id, Err: tenantdb.ErrTenantRebound, Hint: "begin with a context that has no tenant"}
	}
	return nil
}

// failed says of an error what was being done, unless it does already.
func failed(op string, err error) error {
	var own *tenantdb.Error
	if err == nil || errors.As(err, &own) {
		return err
	}
	return &tenantdb.Error{Op: op, Err: err}
}
