package sqlcheck

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// DB is a migrated in-memory database. It may be used by one goroutine at a time.
type DB struct {
	conn  *sqlite.Conn
	scope scope
}

// A MigrationError says which migration is wrong.
type MigrationError struct {
	File string // the file's name within its folder; may be empty
	Line int    // or 0
	Err  error
}

// Error returns the cause, which names the file and line.
func (e *MigrationError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *MigrationError) Unwrap() error { return e.Err }

// Open runs the migrations, which are at the root of the file system or in one
// folder of it, on a new database. An error of the migrations is a
// [*MigrationError], or several joined. The database is closed with [DB.Close].
func Open(ctx context.Context, migrations fs.FS) (*DB, error) {
	set, err := migrate.Load(migrations)
	if err != nil {
		return nil, migrationErrors(err)
	}
	return open(ctx, sqlite.Queries, applications, set)
}

// OpenGlobal is [Open] for the schema of a global database, which holds the tables of
// Silo's catalog too: statements may read them, and [DB.Objects] leaves them out. The
// application's migrations run first, for they must do without.
func OpenGlobal(ctx context.Context, migrations, catalog fs.FS) (*DB, error) {
	set, err := migrate.Load(migrations)
	if err != nil {
		return nil, migrationErrors(err)
	}
	own, err := migrate.LoadCatalog(catalog)
	if err != nil {
		return nil, fmt.Errorf("sqlcheck: the catalog: %w", err)
	}
	return open(ctx, sqlite.Queries, applications, set, own)
}

// OpenCatalog is [Open] for Silo's catalog itself, whose statements write its tables.
func OpenCatalog(ctx context.Context, migrations fs.FS) (*DB, error) {
	set, err := migrate.LoadCatalog(migrations)
	if err != nil {
		return nil, migrationErrors(err)
	}
	return open(ctx, sqlite.CatalogQueries, catalogs, set)
}

func open(ctx context.Context, policy sqlite.Policy, of scope, sets ...*migrate.Set) (*DB, error) {
	db, err := migrated(ctx, policy, sets)
	if err != nil {
		return nil, err
	}
	db.scope = of
	// As the runtime has it: what cannot be written for a foreign key is refused when it
	// is prepared, and only where foreign keys are enforced.
	if err := db.conn.Exec("PRAGMA foreign_keys = ON"); err != nil {
		return nil, errors.Join(fmt.Errorf("sqlcheck: %w", err), db.Close())
	}
	return db, nil
}

// migrated runs the migrations, as a tenant's are run: without enforcing foreign keys.
func migrated(ctx context.Context, policy sqlite.Policy, sets []*migrate.Set) (*DB, error) {
	conn, err := sqlite.Open(ctx, ":memory:", 0, sqlite.Config{Mode: sqlite.InMemory, ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		return nil, fmt.Errorf("sqlcheck: %w", err)
	}
	for _, set := range sets {
		if err := conn.SetPolicy(set.Policy()); err != nil {
			return nil, errors.Join(fmt.Errorf("sqlcheck: %w", err), conn.Close())
		}
		if err := apply(ctx, conn, set); err != nil {
			return nil, errors.Join(migrationErrors(err), conn.Close())
		}
	}
	// What migrations made TEMP is gone with their connection. Changing temp_store drops it:
	// https://www.sqlite.org/pragma.html#pragma_temp_store.
	err = errors.Join(conn.Exec("PRAGMA temp_store = file"), conn.Exec("PRAGMA temp_store = memory"), conn.SetPolicy(policy))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sqlcheck: %w", err), conn.Close())
	}
	return &DB{conn: conn}, nil
}

func apply(ctx context.Context, conn *sqlite.Conn, set *migrate.Set) error {
	conn.Watch(ctx, 0)
	defer conn.Unwatch()
	if err := conn.Exec("BEGIN"); err != nil {
		return err
	}
	if _, err := set.Apply(ctx, conn); err != nil {
		return err
	}
	return conn.Exec("COMMIT")
}

// migrationErrors turns each error of a migration into a *MigrationError.
func migrationErrors(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var errs []error
		for _, e := range joined.Unwrap() {
			errs = append(errs, migrationErrors(e))
		}
		return errors.Join(errs...)
	}
	var of *migrate.Error
	if !errors.As(err, &of) {
		return fmt.Errorf("sqlcheck: %w", err)
	}
	return &MigrationError{File: of.File, Line: of.Line, Err: of}
}

// Close closes the database.
func (db *DB) Close() error { return db.conn.Close() }

// Statement is what SQLite knows of a statement.
type Statement struct {
	ReadOnly bool     // it changes nothing
	Params   int      // the highest number of a parameter
	Columns  []Column // of its result
}

// Column is a column of a result.
type Column struct {
	Name          string
	DeclType      string // as declared in the schema; "" for an expression
	Table, Origin string // the table's column that it is; "" for an expression
	NotNull       bool   // the table's column is never NULL; false for an expression
}

// Error is why SQLite refuses a statement.
type Error struct {
	Message string // SQLite's words
	Offset  int    // in bytes, of the token that is wrong; -1 if SQLite does not say
}

// Error returns SQLite's words.
func (e *Error) Error() string { return e.Message }

// Describe prepares the statement and returns what SQLite knows of it. A statement
// that SQLite refuses, or that is refused at run time, is an [*Error].
func (db *DB) Describe(sql string) (Statement, error) {
	stmt, err := db.conn.Prepare(sql, 0)
	if err != nil {
		var refused *sqlite.Error
		if errors.As(err, &refused) {
			return Statement{}, &Error{Message: refused.Message, Offset: refused.Offset}
		}
		return Statement{}, fmt.Errorf("sqlcheck: %w", err)
	}
	defer stmt.Close()
	d := Statement{ReadOnly: stmt.ReadOnly(), Params: stmt.ParamCount(), Columns: make([]Column, stmt.ColumnCount())}
	for i := range d.Columns {
		c := Column{Name: stmt.ColumnName(i), DeclType: stmt.ColumnDeclType(i)}
		if c.Table, c.Origin = stmt.ColumnOrigin(i); c.Table != "" {
			if c.NotNull, err = db.notNull(c.Table, c.Origin); err != nil {
				return Statement{}, err
			}
		}
		d.Columns[i] = c
	}
	return d, nil
}

// notNull reports whether a table's column is never NULL: it is declared so, as the
// keys of tables without a rowid are without a word, or it is the rowid itself. A key
// that has an index of its own is not the rowid, as with INTEGER PRIMARY KEY DESC
// (https://www.sqlite.org/lang_createtable.html#rowid).
func (db *DB) notNull(table, column string) (bool, error) {
	name := literal(table)
	never := false
	_, err := db.conn.QueryRow(`SELECT "notnull" OR pk AND upper(type) = 'INTEGER'
			AND NOT EXISTS (SELECT 1 FROM pragma_index_list(`+name+`) WHERE origin = 'pk')
		FROM pragma_table_xinfo(`+name+`) WHERE name = `+literal(column), func(row *sqlite.Stmt) { never = row.ColumnInt(0) == 1 })
	if err != nil {
		return false, fmt.Errorf("sqlcheck: column %s.%s: %w", table, column, err)
	}
	return never, nil
}

// literal quotes a text for SQL.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// Digest returns what generated code records of the migrations it was made from:
// the SHA-256 of their names and bytes, in hexadecimal.
func Digest(migrations fs.FS) (string, error) {
	set, err := migrate.Load(migrations)
	if err != nil {
		return "", migrationErrors(err)
	}
	return set.Digest, nil
}
