package tenantdb

import (
	"fmt"
	"io/fs"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/registry"
)

// Tenant is embedded by the Schema type of generated code whose databases are
// tenants' files.
type Tenant struct{}

// Global is embedded by the Schema type of generated code whose database is the
// one global file.
type Global struct{}

// The two kinds exclude one another: the marker methods have one name and differ
// in their parameter, so a struct that embeds both has neither.
type (
	tenantKind struct{}
	globalKind struct{}
)

func (Tenant) kind(tenantKind) {}
func (Global) kind(globalKind) {}

// Origin says what generated code was made from.
type Origin struct {
	Name   string // the schema's name, recorded in each of its files
	Digest string // of its migrations, by which Open sees whether the code is stale
}

// Schema is what both kinds of generated Schema types have in common.
type Schema interface {
	// Migrations returns the embedded goose migrations, at the root of the file
	// system or in exactly one folder.
	Migrations() fs.FS
	Origin() Origin
}

// TenantSchema is a Schema that embeds [Tenant]. Anyone may declare one: it gets
// handles to files of its own name only.
type TenantSchema interface {
	Schema
	kind(tenantKind)
}

// GlobalSchema is a Schema that embeds [Global].
type GlobalSchema interface {
	Schema
	kind(globalKind)
}

// CatalogSchema is the GlobalSchema of Silo's own tables in the global database, those
// whose names begin with silo_. There is one, in package catalog; no application can declare
// another.
type CatalogSchema interface {
	GlobalSchema
	WritesSiloTables(registry.Permit)
}

// definition is a schema as the runtime uses it.
type definition struct {
	name    string
	kind    string // "tenant" or "global", as recorded in files
	catalog bool   // it is Silo's own, which shares the global file with an application's
	set     *migrate.Set
}

// recorded is the name of the schema in a file that is made for it. A file that is made
// for the catalog is nobody's yet: the first application's schema that opens it has it.
func (def *definition) recorded() string {
	if def.catalog {
		return nobodys
	}
	return def.name
}

// nobodys is the recorded name of a global file's schema until an application opens it.
const nobodys = ""

// accepts reports whether a file that is of the recorded schema may be used by def.
func (def *definition) accepts(kind, name string) bool {
	return kind == def.kind && (name == def.name || def.catalog || kind == "global" && name == nobodys)
}

// define reads a schema's migrations and compares them with those that the code
// was generated from.
func define(s Schema, kind string) (*definition, error) {
	origin := s.Origin()
	fail := func(err error, hint string) (*definition, error) {
		return nil, &Error{Op: "open schema " + origin.Name, Err: err, Hint: hint}
	}
	if origin.Name == "" {
		return fail(fmt.Errorf("%w: Origin has no name", ErrInvalidMigrations), "use a Schema that silo generate has made")
	}
	migrations := s.Migrations()
	if migrations == nil {
		return fail(fmt.Errorf("%w: Migrations is nil", ErrInvalidMigrations), "name the embedded variable in sqlc.yaml")
	}
	_, catalog := s.(registry.Marked)
	load := migrate.Load
	if catalog {
		load = migrate.LoadCatalog
	}
	set, err := load(migrations)
	if err != nil {
		return fail(err, "")
	}
	if set.Digest != origin.Digest {
		return fail(ErrGeneratedStale, "generate the code anew and commit it; if that changes nothing, the setting migrations in sqlc.yaml names another variable than the one that embeds the schema")
	}
	return &definition{name: origin.Name, kind: kind, catalog: catalog, set: set}, nil
}

// refuse is the error of a file that is of another schema.
func (def *definition) refuse(kind, name string) error {
	return fmt.Errorf("%w: it is of the %s schema %q, the handle is of the %s schema %q", ErrWrongSchema, kind, name, def.kind, def.name)
}
