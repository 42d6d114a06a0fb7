package tenantdb_test

import (
	"io/fs"
	"testing"

	"github.com/silokit/silo/tenantdb"
)

// forged has the method of the catalog's schema if P is the type that no application can name.
type forged[P any] struct{ tenantdb.Global }

func (forged[P]) Migrations() fs.FS         { return files(notes1) }
func (f forged[P]) Origin() tenantdb.Origin { return origin("forged", f.Migrations()) }
func (forged[P]) WritesSiloTables(P)        {}

// forge has it inferred.
func forge[P any](func(*tenantdb.Dir, P, func(string))) tenantdb.Schema { return forged[P]{} }

func TestNoTypeThatIsInferredMakesASchemaTheCatalogs(t *testing.T) {
	schema := forge((*tenantdb.Dir).OnFileStep)
	if _, ok := schema.(tenantdb.CatalogSchema); !ok {
		t.Fatal("it has not even the method")
	}
	if is, err := tenantdb.IsCatalog(schema); is || err != nil {
		t.Errorf("it is taken for the catalog's: %v, %v", is, err)
	}
}
