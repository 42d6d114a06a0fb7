package tenantdb

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/silokit/silo/tenantdb/internal/migrate"
)

// RuntimeSchema is the brand of tenants whose migrations a program is given while it runs,
// as an operator's tool is that has no generated code: see [OpenRuntimeStore]. No generated
// query takes its handles, whatever the schema is called, for each package of queries has
// a brand of its own. It is no schema by itself: [OpenStore] refuses it.
type RuntimeSchema struct{ Tenant }

// Migrations returns nil: they are given to [OpenRuntimeStore].
func (RuntimeSchema) Migrations() fs.FS { return nil }

// Origin returns the zero Origin: there is no generated code.
func (RuntimeSchema) Origin() Origin { return Origin{} }

// OpenRuntimeStore returns the view of dir by the schema of that name, whose goose
// migrations are at the root of the file system or in exactly one folder of it. They are
// read now, and not again. The name is the one that is recorded in the files: the name of
// the generated package, such as "tenant". A file of another schema is [ErrWrongSchema], and one
// on which other migrations have run is [ErrSchemaDiverged] or [ErrSchemaAhead], as ever: what no
// compiler can tell here, the files do. Errors and the end of the Store are those of [OpenStore].
func OpenRuntimeStore(ctx context.Context, dir *Dir, name string, migrations fs.FS) (*Store[RuntimeSchema], error) {
	fail := func(err error, hint string) (*Store[RuntimeSchema], error) {
		return nil, &Error{Op: "open schema " + name, Err: err, Hint: hint}
	}
	if name == "" {
		return fail(fmt.Errorf("%w: the schema has no name", ErrInvalidMigrations), "give the name of the package that silo generate makes for it")
	}
	if migrations == nil {
		return fail(fmt.Errorf("%w: there are none", ErrInvalidMigrations), "give the folder that they are in, as by os.DirFS")
	}
	set, err := migrate.Load(migrations)
	if err != nil {
		return fail(err, "")
	}
	s, err := openStore(ctx, dir, &definition{name: name, kind: "tenant", set: set})
	if err != nil {
		return nil, err
	}
	return &Store[RuntimeSchema]{s: s}, nil
}
