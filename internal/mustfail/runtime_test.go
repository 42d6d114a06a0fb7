package mustfail

import (
	"context"
	"errors"
	"io/fs"
	"reflect"
	"testing"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// What the compiler cannot refuse: type assertions, which it lets pass from any
// interface, and handles that are nil or zero.

type invoices struct{ tenantdb.Tenant }

func (invoices) Migrations() fs.FS       { return nil }
func (invoices) Origin() tenantdb.Origin { return tenantdb.Origin{} }

type payroll struct{ tenantdb.Global }

func (payroll) Migrations() fs.FS       { return nil }
func (payroll) Origin() tenantdb.Origin { return tenantdb.Origin{} }

// databases opens a tenant's database and the global one.
func databases(t *testing.T) (context.Context, *tenant.DB, *global.DB) {
	t.Helper()
	ctx := t.Context()
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dir.Close(); err != nil {
			t.Error(err)
		}
	})
	globalDB, err := global.Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	store, err := tenant.Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Create(ctx, id); err != nil {
		t.Fatal(err)
	}
	if ctx, err = tenantdb.WithTenant(ctx, id); err != nil {
		t.Fatal(err)
	}
	tenantDB, err := store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return ctx, tenantDB, globalDB
}

// smuggle is the generic function by which a handle of any schema would become one
// of the tenants'.
func smuggle[S any](h tenantdb.ReadHandle[S]) (tenant.Handle, bool) {
	out, ok := any(h).(tenant.Handle)
	return out, ok
}

// smuggleReading does the same for reading.
func smuggleReading[S any](h tenantdb.ReadHandle[S]) (tenantdb.ReadHandle[tenant.Schema], bool) {
	out, ok := h.(tenantdb.ReadHandle[tenant.Schema])
	return out, ok
}

func TestTypeAssertionsDoNotMakeAHandleOfAnotherSchema(t *testing.T) {
	ctx, tenantDB, globalDB := databases(t)
	check := func(name string, got, want bool) {
		t.Helper()
		if got != want {
			t.Errorf("%s: asserted %v, want %v", name, got, want)
		}
	}
	_, ok := smuggle[tenant.Schema](tenantDB)
	check("tenant.DB as tenant.Handle", ok, true)
	_, ok = smuggle[global.Schema](globalDB)
	check("global.DB as tenant.Handle", ok, false)
	_, ok = smuggleReading[global.Schema](globalDB)
	check("global.DB as reading handle", ok, false)
	_, ok = smuggle[invoices](&tenantdb.TenantDB[invoices]{})
	check("DB of another tenant schema as tenant.Handle", ok, false)
	_, ok = smuggleReading[invoices](&tenantdb.ReadTx[invoices]{})
	check("ReadTx of another tenant schema as reading handle", ok, false)
	_, ok = smuggle[payroll](&tenantdb.GlobalDB[payroll]{})
	check("DB of another global schema as tenant.Handle", ok, false)
	_, ok = any(globalDB).(*tenant.DB)
	check("global.DB as tenant.DB", ok, false)

	err := tenantDB.Read(ctx, func(_ context.Context, tx *tenant.ReadTx) error {
		_, ok := smuggleReading[tenant.Schema](tx)
		check("tenant.ReadTx as reading handle", ok, true)
		_, ok = smuggle[tenant.Schema](tx)
		check("tenant.ReadTx as a handle that writes", ok, false)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = globalDB.Write(ctx, func(_ context.Context, tx *global.Tx) error {
		_, ok := smuggle[global.Schema](tx)
		check("global.Tx as tenant.Handle", ok, false)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestQueriesOfAHandleThatIsNoneFail(t *testing.T) {
	tests := []struct {
		name    string
		queries *tenant.Queries
	}{
		{"nil interface", tenant.New(nil)},
		{"nil DB", tenant.New((*tenant.DB)(nil))},
		{"zero DB", tenant.New(&tenant.DB{})},
		{"nil Tx", tenant.New((*tenant.Tx)(nil))},
		{"zero Tx", tenant.New(&tenant.Tx{})},
		{"zero Queries", &tenant.Queries{}},
		{"embedded zero DB", tenant.New(struct{ *tenant.DB }{})},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := test.queries.ListConfig(t.Context()); !errors.Is(err, tenantdb.ErrNoHandle) {
				t.Errorf("a query that reads: %v, want ErrNoHandle", err)
			}
			if _, err := test.queries.CreateModule(t.Context(), tenant.CreateModuleParams{}); !errors.Is(err, tenantdb.ErrNoHandle) {
				t.Errorf("a query that writes: %v, want ErrNoHandle", err)
			}
		})
	}
}

func TestBrandsTakeNoSpace(t *testing.T) {
	for _, handle := range handleTypes {
		if got, want := handle.of.Size(), reflect.TypeFor[*int]().Size(); got != want {
			t.Errorf("a %s takes %d bytes, want those of one pointer, %d", handle.name, got, want)
		}
	}
}
