package tenanttest

import (
	"context"
	"testing"

	"github.com/silokit/silo/tenantdb"
)

// Kit is a store of one schema in a folder of its own.
type Kit[S tenantdb.TenantSchema] struct {
	Dir   *tenantdb.Dir
	Store *tenantdb.Store[S]
	t     testing.TB
}

// Tenant is a tenant of a Kit: its handle, and a context that carries it.
type Tenant[S tenantdb.TenantSchema] struct {
	ID      tenantdb.ID
	Context context.Context
	DB      *tenantdb.TenantDB[S]
}

// New opens a store in a new folder, by the Open function of generated code. At the
// end of the test it is closed and checked, as [Dir] says. It fails the test on an
// error.
func New[S tenantdb.TenantSchema](t testing.TB, open func(context.Context, *tenantdb.Dir) (*tenantdb.Store[S], error)) *Kit[S] {
	t.Helper()
	return newKit(t, tenantdb.Options{}, open)
}

func newKit[S tenantdb.TenantSchema](t testing.TB, options tenantdb.Options,
	open func(context.Context, *tenantdb.Dir) (*tenantdb.Store[S], error)) *Kit[S] {
	t.Helper()
	dir := Dir(t, options)
	store, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return &Kit[S]{Dir: dir, Store: store, t: t}
}

// Tenant creates the tenant of that name and resolves it. It fails the test on an
// error, so also when the tenant exists.
func (k *Kit[S]) Tenant(name string) Tenant[S] {
	k.t.Helper()
	id := ID(k.t, name)
	if err := k.Store.Create(k.t.Context(), id); err != nil {
		k.t.Fatal(err)
	}
	ctx := Context(k.t, name)
	db, err := k.Store.Resolve(ctx)
	if err != nil {
		k.t.Fatal(err)
	}
	return Tenant[S]{ID: id, Context: ctx, DB: db}
}

// Two creates the tenants acme and globex: enough to see that one does not see the
// other.
func (k *Kit[S]) Two() (acme, globex Tenant[S]) {
	k.t.Helper()
	return k.Tenant("acme"), k.Tenant("globex")
}

// ID parses the name, and fails the test if it is no ID.
func ID(t testing.TB, name string) tenantdb.ID {
	t.Helper()
	id, err := tenantdb.ParseID(name)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Context returns the test's context, carrying the tenant of that name.
func Context(t testing.TB, name string) context.Context {
	t.Helper()
	ctx, err := tenantdb.WithTenant(t.Context(), ID(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}
