package mustfail

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// handleTypes are all types of handles of the two generated schemas, and those of
// two further schemas.
var handleTypes = []struct {
	name string // in a source that testdata/prelude.go is added to
	of   reflect.Type
}{
	{"tenant.Store", reflect.TypeFor[tenant.Store]()},
	{"tenant.DB", reflect.TypeFor[tenant.DB]()},
	{"tenant.Tx", reflect.TypeFor[tenant.Tx]()},
	{"tenant.ReadTx", reflect.TypeFor[tenant.ReadTx]()},
	{"global.DB", reflect.TypeFor[global.DB]()},
	{"global.Tx", reflect.TypeFor[global.Tx]()},
	{"global.ReadTx", reflect.TypeFor[global.ReadTx]()},
	{"tenantdb.Store[invoices]", reflect.TypeFor[tenantdb.Store[invoices]]()},
	{"tenantdb.TenantDB[invoices]", reflect.TypeFor[tenantdb.TenantDB[invoices]]()},
	{"tenantdb.Tx[invoices]", reflect.TypeFor[tenantdb.Tx[invoices]]()},
	{"tenantdb.ReadTx[invoices]", reflect.TypeFor[tenantdb.ReadTx[invoices]]()},
	{"tenantdb.Store[tenantdb.RuntimeSchema]", reflect.TypeFor[tenantdb.Store[tenantdb.RuntimeSchema]]()},
	{"tenantdb.TenantDB[tenantdb.RuntimeSchema]", reflect.TypeFor[tenantdb.TenantDB[tenantdb.RuntimeSchema]]()},
	{"tenantdb.GlobalDB[payroll]", reflect.TypeFor[tenantdb.GlobalDB[payroll]]()},
	{"tenantdb.Tx[payroll]", reflect.TypeFor[tenantdb.Tx[payroll]]()},
	{"tenantdb.ReadTx[payroll]", reflect.TypeFor[tenantdb.ReadTx[payroll]]()},
}

// TestNoHandleConvertsToAnother writes a program with each conversion between each
// two of the types, of values and of pointers.
func TestNoHandleConvertsToAnother(t *testing.T) {
	var program strings.Builder
	program.WriteString("package p\nimport (\n" +
		"\t\"github.com/silokit/silo/gen/global\"\n" +
		"\t\"github.com/silokit/silo/gen/tenant\"\n" +
		"\t\"github.com/silokit/silo/tenantdb\"\n)\n")
	for _, from := range handleTypes {
		for _, to := range handleTypes {
			refused := ""
			if from != to {
				refused = " // ERROR \"cannot convert\""
			}
			fmt.Fprintf(&program, "func _(h %s) { _ = %s(h) }%s\n", from.name, to.name, refused)
			fmt.Fprintf(&program, "func _(h *%s) { _ = (*%s)(h) }%s\n", from.name, to.name, refused)
		}
	}
	differences, err := compile(read(t, prelude), source{"conversions.go", program.String()})
	requireNone(t, differences, err)
}

func TestNoHandleConvertsToAnotherByReflection(t *testing.T) {
	for _, from := range handleTypes {
		for _, to := range handleTypes {
			if got, want := from.of.ConvertibleTo(to.of), from == to; got != want {
				t.Errorf("%s converts to %s: %v, want %v", from.name, to.name, got, want)
			}
			if got, want := reflect.PointerTo(from.of).ConvertibleTo(reflect.PointerTo(to.of)), from == to; got != want {
				t.Errorf("*%s converts to *%s: %v, want %v", from.name, to.name, got, want)
			}
		}
	}
}
