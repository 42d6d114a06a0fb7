package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3/database"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// create makes goose's table, as goose would, and that of what goose does not
// record. A row of it belongs to the goose row of that id, so that a migration which
// another tool took down or ran again is not held against the text it had before.
func (t *tables) create() []string {
	return []string{
		`CREATE TABLE IF NOT EXISTS ` + t.version + ` (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	)`,
		`INSERT INTO ` + t.version + ` (version_id, is_applied, tstamp) SELECT 0, 1, ` + now() + ` WHERE NOT EXISTS (SELECT 1 FROM ` + t.version + `)`,
		`CREATE TABLE IF NOT EXISTS ` + t.ledger + ` (
		goose_id        INTEGER PRIMARY KEY,
		version_id      INTEGER NOT NULL,
		name            TEXT NOT NULL,
		sha256          TEXT NOT NULL,
		compatible_with INTEGER NOT NULL
	) STRICT`,
	}
}

// now is the time as a literal of SQL, as the default of goose's column has it. It is
// written out so that migrations can be run where SQLite's clock is out of reach
// (sqlite.Conn.RefuseVarying).
func now() string { return timeLiteral(time.Now()) }

func timeLiteral(at time.Time) string { return "'" + at.UTC().Format(time.DateTime) + "'" }

// Redate makes at the time at which all migrations have run, within the open
// transaction: for a copy of a database on which they have run before.
func (s *Set) Redate(conn *sqlite.Conn, at time.Time) error {
	return conn.EachOnce("UPDATE "+s.tables.version+" SET tstamp = "+timeLiteral(at), func(*sqlite.Stmt) {})
}

// store is goose's version table on SQLite, with what must be true before a
// version is recorded.
type store struct {
	database.Store
	conn *sqlite.Conn
	set  *Set
	at   *place // of the migration under way
	own  string // the names beginning with silo_ that were there before, as a list of SQL
}

func newStore(conn *sqlite.Conn, set *Set, at *place) (*store, error) {
	inner, err := database.NewStore(database.DialectSQLite3, set.tables.version)
	if err != nil {
		return nil, fmt.Errorf("migrate: goose's store: %w", err)
	}
	s := &store{Store: inner, conn: conn, set: set, at: at}
	return s, s.noteNames()
}

// Insert records a version in goose's table and in the ledger, in the transaction of
// the migration itself, if no foreign key is left broken. It uses the connection
// itself: what runs through goose is held to the policy, which keeps off these tables.
func (s *store) Insert(_ context.Context, _ database.DBTxConn, req database.InsertRequest) error {
	if err := s.at.end(s.conn); err != nil {
		return err
	}
	if err := errors.Join(checkForeignKeys(s.conn), s.checkNames()); err != nil {
		return err
	}
	insert := fmt.Sprintf("INSERT INTO %s (version_id, is_applied, tstamp) VALUES (%d, 1, %s)", s.set.tables.version, req.Version, now())
	if err := s.conn.Exec(insert); err != nil {
		return err
	}
	for _, m := range s.set.Migrations {
		if m.Version == req.Version {
			return s.record(m)
		}
	}
	return nil
}

// GetMigration reads a version's row of goose's table. It uses the connection itself as
// Insert does: the time in the row is out of reach of a template's migrations
// (sqlite.Template), and goose would ask for it as one of them.
func (s *store) GetMigration(_ context.Context, _ database.DBTxConn, version int64) (*database.GetMigrationResult, error) {
	result := &database.GetMigrationResult{}
	found, err := s.conn.Once(fmt.Sprintf("SELECT is_applied FROM %s WHERE version_id = %d ORDER BY id DESC", s.set.tables.version, version), func(row *sqlite.Stmt) {
		result.IsApplied = row.ColumnInt(0) != 0
	})
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, database.ErrVersionNotFound
	}
	return result, nil
}

// record adds the ledger's row to the row of goose's that was inserted last.
func (s *store) record(m Migration) error {
	return s.conn.Trusted(func() error {
		insert, err := s.conn.Cached("INSERT OR REPLACE INTO " + s.set.tables.ledger + " VALUES (last_insert_rowid(), ?, ?, ?, ?)")
		if err != nil {
			return err
		}
		defer insert.Reset()
		if err := errors.Join(insert.BindInt(1, m.Version), insert.BindText(2, m.Name), insert.BindText(3, m.Sum), insert.BindInt(4, m.CompatibleWith)); err != nil {
			return err
		}
		_, err = insert.Step()
		return err
	})
}

// noteNames notes which reserved names are taken. Beside the records of what has run these
// are the catalog's, if the file has one; in any other file there are none.
func (s *store) noteNames() error {
	s.own = "'silo_file', 'silo_migration'"
	catalog, err := s.conn.Once("SELECT 1 FROM sqlite_schema WHERE name = '"+catalogTables().version+"'", func(*sqlite.Stmt) {})
	if err != nil || !catalog {
		return err
	}
	return s.conn.EachOnce(`SELECT name FROM sqlite_schema WHERE name LIKE 'silo\_%' ESCAPE '\'`, func(row *sqlite.Stmt) {
		s.own += ", " + literal(row.ColumnText(0))
	})
}

// checkNames fails if a table was renamed to a reserved name, of which SQLite's
// authorizer is not told.
func (s *store) checkNames() error {
	if s.set.Policy() == sqlite.CatalogMigrations {
		return nil
	}
	name := ""
	found, err := s.conn.QueryRow(`SELECT name FROM sqlite_schema
		WHERE name LIKE 'silo\_%' ESCAPE '\' AND name NOT IN (`+s.own+`)`, func(row *sqlite.Stmt) { name = row.ColumnText(0) })
	if err == nil && found {
		err = fmt.Errorf("it leaves %s, and names that begin with silo_ are reserved", name)
	}
	return err
}
