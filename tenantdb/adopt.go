package tenantdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Adopt makes a new tenant of a copy of another tenant's file: a clone, an import, a
// backup that is restored under another name. The file is copied beside the tenant's place, and
// looked at there as one that nobody vouches for: it must be of this schema, with nothing
// in its schema that the migrations do not make, and pass SQLite's checks and those of
// foreign keys; else it is [ErrUnfit]. The copy becomes the tenant's, of a new incarnation, is
// migrated, and is given its name when it is whole and on the disk. Adopt returns whose file it says
// that it was.
//
// If the tenant exists the error is [ErrTenantExists]. The context ends it at any time
// until the file has its name; nothing is left then, and the source is as it was in any
// case. If the process dies, the tenant is absent or whole.
func (st *Store[S]) Adopt(ctx context.Context, id ID, source Source) (was ID, err error) {
	if st == nil || st.s == nil {
		return ID{}, noHandle("adopt")
	}
	err = st.s.operate(ctx, "adopt", id, func(a address, path string) error {
		was, err = a.dir.adopt(ctx, a, path, source)
		if errors.Is(err, fs.ErrExist) {
			err = ErrTenantExists
		}
		return err
	})
	if err != nil {
		return ID{}, err
	}
	return was, nil
}

func (d *Dir) adopt(ctx context.Context, a address, path string, source Source) (was ID, err error) {
	if exists, err := d.exists(ctx, path); exists || err != nil {
		return was, cmp.Or(err, fs.ErrExist)
	}
	prepare := func(building string) (err error) {
		was, err = d.makeOwn(ctx, a, building, source, anyTenants)
		return err
	}
	return was, d.fromSource(ctx, path, source, prepare, func(building string) error {
		return d.alone(ctx, a.tenant, func() error { return d.nameFile(ctx, a, building, path) })
	})
}

// owner says whose file a source may be.
type owner int

const (
	anyTenants owner = iota
	ownTenants       // only one of the tenant itself
)

// fromSource copies the source beside path, has prepare look at the copy and change it, and place
// give it its name. If that fails, nothing of it stays.
func (d *Dir) fromSource(ctx context.Context, path string, source Source, prepare, place func(building string) error) (err error) {
	select { // few at once: see atOnce
	case d.creating <- struct{}{}:
		defer func() { <-d.creating }()
	case <-ctx.Done():
		return sqlite.Ended(ctx)
	}
	if err := durable.MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	empty, err := reserve(path)
	if err != nil {
		return err
	}
	building := empty.Name()
	defer func() {
		if err != nil { // else it has another name
			err = errors.Join(err, d.files.Remove(append(beside(building), building)...))
		}
	}()
	if err := empty.Close(); err != nil {
		return err
	}
	d.files.Before("copy into", building)
	if err := d.copyIn(ctx, source, building); err != nil {
		return err
	}
	d.files.Before("change", building)
	if err := prepare(building); err != nil {
		return err
	}
	if _, err := os.Lstat(building + "-wal"); err == nil {
		return fmt.Errorf("%w: a log was left beside the new file", ErrIO)
	}
	if err := d.files.Sync(building); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return sqlite.Ended(ctx)
	}
	return place(building)
}

// makeOwn looks at the copy and makes it that of a. It returns whose it was.
func (d *Dir) makeOwn(ctx context.Context, a address, building string, source Source, of owner) (was ID, err error) {
	conn, err := d.connect(ctx, building, 0, sqlite.Config{Mode: sqlite.Create, Policy: sqlite.Migrations, ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return was, explainUnfit("opening it", err)
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	conn.Watch(ctx, migrateWait)
	if was, err = d.inspect(ctx, conn, a, source, of); err != nil {
		if ctx.Err() != nil {
			return was, sqlite.Ended(ctx)
		}
		return was, err
	}
	if err := conn.Exec("BEGIN IMMEDIATE"); err != nil {
		return was, err
	}
	if err := changeIdentity(conn, a); err != nil {
		return was, err
	}
	if _, err := a.def.set.Apply(ctx, conn); err != nil {
		return was, err
	}
	if err := conn.Exec("COMMIT"); err != nil {
		return was, err
	}
	// A mark in the file's header, which every later opening finds.
	return was, conn.Exec("PRAGMA journal_mode=wal")
}

// inspect looks at a file of which nothing is known but its header. First at the schema,
// as text: what it holds is run only after it was found to be what the migrations make.
func (d *Dir) inspect(ctx context.Context, conn *sqlite.Conn, a address, source Source, of owner) (was ID, err error) {
	have, err := objectsOf(conn)
	if err != nil {
		return was, explainUnfit("reading its schema", err)
	}
	first := a.def.set.Migrations[0].Version
	want, err := d.expected(ctx, a.def, first)
	if err != nil {
		return was, err
	}
	for o := range want { // in these three tables it says what it is
		if sqlite.IsOwnTable(o.name) && have[o] != 1 {
			return was, unfit("%w: it has no %s", ErrWrongSchema, o)
		}
	}
	whose, err := readIdentityRow(conn)
	if err != nil {
		return was, explainUnfit("reading what it is", err)
	}
	copied := a
	if of == anyTenants {
		copied.tenant = ID{name: whose.tenant}
	}
	if err := whose.fits(copied); err != nil {
		return was, explainUnfit("what it is", err)
	}
	if was, err = ParseID(whose.tenant); err != nil {
		return was, unfit("%w: it says of whom it is: %w", ErrWrongTenant, err)
	}
	if err := d.inspectSchema(ctx, conn, a.def, have); err != nil {
		return was, err
	}
	return was, inspectContent(conn, source)
}

// inspectSchema compares the schema with that of its version.
func (d *Dir) inspectSchema(ctx context.Context, conn *sqlite.Conn, def *definition, have map[object]int) error {
	if _, err := def.set.Pending(conn); err != nil {
		return explainUnfit("its migrations", err)
	}
	version, err := def.set.Version(conn)
	switch {
	case err != nil:
		return explainUnfit("its migrations", err)
	case version == 0:
		return unfit("%w: no migration has run on it", ErrSchemaDiverged)
	case version > def.set.Latest():
		return unfit("%w: migration %d has run on it, this program's newest is %d", ErrSchemaAhead, version, def.set.Latest())
	}
	want, err := d.expected(ctx, def, version)
	if err != nil {
		return err
	}
	return compareObjects(have, want)
}

// inspectContent has SQLite read all of the file.
func inspectContent(conn *sqlite.Conn, source Source) error {
	check := conn.IntegrityCheck
	if source.SHA256 != "" {
		check = conn.QuickCheck // the bytes are those that were checked when the copy was made
	}
	if err := check(); err != nil {
		return unfit("%w: SQLite's check says: %w", ErrCorrupt, err)
	}
	err := migrate.CheckForeignKeys(conn)
	var ofSQLite *sqlite.Error
	if err != nil && !errors.As(err, &ofSQLite) {
		return unfit("%w: its rows: %w", ErrForeignKey, err)
	}
	return explainUnfit("its rows", err)
}
