package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// migrateWait is how long a file's opener waits for another process that is
// migrating it, if its context does not end before.
const migrateWait = 10 * time.Minute

// path returns where the file of a is.
func (d *Dir) path(a address) string {
	if a.tenant.IsZero() {
		return d.layout.globalPath()
	}
	return d.layout.tenantPath(a.tenant)
}

// openFile opens the file of a: it must be there, of the right schema, and is
// migrated if need be. Afterwards, and only then, there is a database to lease.
func (d *Dir) openFile(ctx context.Context, a address) (*database, error) {
	for {
		db, info, err := d.openPresentFile(ctx, a)
		// Of a file that another process deleted in between, while the tenant was made
		// anew, the connection has the file, and the log of the new one.
		damaged := errors.Is(err, ErrCorrupt) || errors.Is(err, ErrNotADatabase)
		if !damaged || info == nil {
			return db, err
		}
		if now, statErr := os.Lstat(d.path(a)); statErr == nil && os.SameFile(now, info) || ctx.Err() != nil {
			return db, err
		}
	}
}

// openPresentFile opens the file that has a's name now, and returns which that is.
func (d *Dir) openPresentFile(ctx context.Context, a address) (_ *database, info fs.FileInfo, err error) {
	path := d.path(a)
	fail := func(err error) (*database, fs.FileInfo, error) {
		return nil, info, explain("open", a.tenant, path, err)
	}
	info, err = os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail(d.layout.unknown())
	case err != nil:
		return fail(err)
	case !info.Mode().IsRegular():
		return fail(fmt.Errorf("%w: it is no regular file but %v; links and folders are refused", ErrCannotOpen, info.Mode().Type()))
	}
	conn, info, err := d.connectNamed(ctx, path, sqlite.Config{Schemas: d.schemasOf(a.def)})
	if err != nil {
		if _, gone := os.Lstat(path); errors.Is(gone, fs.ErrNotExist) {
			err = ErrUnknownTenant // removed in between
		}
		return fail(err)
	}
	db := newDatabase(d, a, path, conn)
	db.info = info
	if err := db.prepare(ctx); err != nil {
		err = errors.Join(err, db.close())
		return fail(err)
	}
	return db, info, nil
}

// schemasOf returns what SQLite has made of a schema for files that are closed.
func (d *Dir) schemasOf(def *definition) *sqlite.Schemas {
	kept, ok := d.schemas.Load(def.set.Digest)
	if !ok {
		kept, _ = d.schemas.LoadOrStore(def.set.Digest, new(sqlite.Schemas))
	}
	return kept.(*sqlite.Schemas)
}

// closeSchemas frees them. All files are closed.
func (d *Dir) closeSchemas() {
	d.schemas.Range(func(_, kept any) bool {
		kept.(*sqlite.Schemas).Close()
		return true
	})
}

// prepare checks what the file is and brings it up to date.
func (db *database) prepare(ctx context.Context) error {
	conn, def := db.writer.conn, db.address.def
	conn.Watch(ctx, migrateWait)
	defer conn.Unwatch()
	have, err := readIdentity(conn, db.address)
	if err != nil {
		return err
	}
	db.incarnation = have.incarnation
	if err := db.dir.giveLog(ctx, conn); err != nil {
		return err
	}
	if err := db.settle(); err != nil {
		return err
	}
	conn.Watch(ctx, migrateWait)
	conn.WatchLog()
	conn.FindVersion()
	// First the version, then what is read: that is of this version or of a later one.
	version := conn.Version()
	pending, at, err := def.set.Look(conn)
	if err != nil {
		return err
	}
	if pending > 0 || have.schema != def.recorded() && !def.catalog {
		if err := db.bringUpToDate(ctx, db.address, pending); err != nil {
			return err
		}
		version = conn.Version()
		if at, err = def.set.ReadMark(conn); err != nil {
			return err
		}
	}
	conn.Settle()
	db.read.Store(&version)
	db.history = at
	// SQLite has made it by now, for the connection has read.
	db.log, err = os.Lstat(db.path + "-wal")
	return err
}

// giveLog has a file be written with a log that is not. A copy made by another tool may have
// left that mode, and an operation that was interrupted while it had the file alone.
//
// Between two statements of such a connection, it has no lock of the file: see
// sqlite.ErrMoved. So that nobody takes the name away meanwhile, it is within withNames.
func (d *Dir) giveLog(ctx context.Context, conn *sqlite.Conn) error {
	var mode string
	if _, err := conn.Once("PRAGMA journal_mode", func(row *sqlite.Stmt) { mode = row.ColumnText(0) }); err != nil || mode == "wal" {
		return err
	}
	return d.withNames(ctx, func() error {
		if conn.Moved() {
			return sqlite.ErrMoved
		}
		_, err := conn.Once("PRAGMA journal_mode=wal", ignoreRow)
		return err
	})
}

func (db *database) bringUpToDate(ctx context.Context, a address, pending int) error {
	if db.dir.options.Migrate == MigrateVerify {
		return fmt.Errorf("%w: %d of %d have not run", ErrSchemaBehind, pending, len(a.def.set.Migrations))
	}
	return db.dir.migrate(ctx, a, db.path)
}

func ignoreRow(*sqlite.Stmt) {}

// history tells one state of goose's version table from another.
type history = migrate.Mark

// migrate brings the file at path up to date, in one transaction of SQLite: of
// several processes and goroutines that try, one does it and the others find it
// done; after an error, or a crash, the file is as it was.
func (d *Dir) migrate(ctx context.Context, a address, path string) (err error) {
	// This connection does not enforce foreign keys: see sqlite.NotEnforced.
	conn, err := d.connect(ctx, path, migrateWait, sqlite.Config{Policy: a.def.set.Policy(), ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	start := time.Now()
	conn.Watch(ctx, migrateWait)
	if err := conn.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if a.tenant.IsZero() {
		if err := claim(conn, a); err != nil {
			return err
		}
	}
	done, err := a.def.set.Apply(ctx, conn)
	if err != nil {
		return err // closing the connection rolls back
	}
	if err := commitMigrated(conn, migrateWait); err != nil {
		return err
	}
	if len(done.Names) > 0 {
		d.migrations.Add(1)
		d.options.Logger.Info("tenantdb: migrated", slog.String("tenant", a.tenant.name), slog.Any("migrations", done.Names),
			slog.Duration("took", time.Since(start)))
	}
	return nil
}
