package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// object is a table, index, trigger or view, as sqlite_schema has it
// (https://www.sqlite.org/schematab.html).
type object struct{ kind, name, table, sql string }

func (o object) String() string {
	if o.sql == "" {
		return fmt.Sprintf("%s %q of %q", o.kind, o.name, o.table)
	}
	return fmt.Sprintf("%s %q of %q: %.200s", o.kind, o.name, o.table, o.sql)
}

// statistics are the tables that ANALYZE makes, which may be there or not.
var statistics = map[object]bool{
	{"table", "sqlite_stat1", "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"}:                true,
	{"table", "sqlite_stat4", "sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"}: true,
}

// objectsOf reads what is in the database of conn. It parses the schema and runs nothing
// of it.
func objectsOf(conn *sqlite.Conn) (map[object]int, error) {
	objects := map[object]int{}
	err := conn.EachOnce("SELECT type, name, tbl_name, sql FROM sqlite_schema", func(row *sqlite.Stmt) {
		o := object{row.ColumnText(0), row.ColumnText(1), row.ColumnText(2), row.ColumnText(3)}
		if !statistics[o] {
			objects[o]++
		}
	})
	return objects, err
}

// compareObjects fails with one of those that are in one of the two alone.
func compareObjects(have, want map[object]int) error {
	var extra, missing []string
	for o, n := range have {
		if want[o] != n {
			extra = append(extra, o.String())
		}
	}
	for o := range want {
		if have[o] == 0 {
			missing = append(missing, o.String())
		}
	}
	slices.Sort(extra)
	slices.Sort(missing)
	switch {
	case len(extra) > 0:
		return unfit("%w: its schema has what the migrations do not make: %s", ErrSchemaDiverged, extra[0])
	case len(missing) > 0:
		return unfit("%w: its schema lacks what the migrations make: %s", ErrSchemaDiverged, missing[0])
	}
	return nil
}

// objectsKey is of the objects that a schema's migrations up to a version make.
type objectsKey struct {
	templateKey
	version int64
}

// expected returns what a file of the schema has at that version: the migrations are run
// in memory, once for the Dir.
func (d *Dir) expected(ctx context.Context, def *definition, version int64) (_ map[object]int, err error) {
	key := objectsKey{templateKey{def.name, def.set.Digest}, version}
	if known, ok := d.objects.Load(key); ok {
		return known.(map[object]int), nil
	}
	conn, err := sqlite.Open(ctx, ":memory:", 0, sqlite.Config{Mode: sqlite.InMemory, Policy: sqlite.Migrations, ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	conn.Watch(ctx, migrateWait)
	partial := *def
	partial.set = def.set.UpTo(version)
	if err := fill(ctx, conn, address{def: &partial}); err != nil {
		return nil, err
	}
	objects, err := objectsOf(conn)
	if err == nil {
		d.objects.Store(key, objects)
	}
	return objects, err
}
