package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3/database"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

const versionTable = "goose_db_version"

// createTables make goose's table, as goose would, and that of what goose does not
// record. A row of it belongs to the goose row of that id, so that a migration which
// another tool took down or ran again is not held against the text it had before.
func createTables() []string {
	return []string{
		`CREATE TABLE IF NOT EXISTS goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	)`,
		`INSERT INTO goose_db_version (version_id, is_applied, tstamp) SELECT 0, 1, ` + now() + ` WHERE NOT EXISTS (SELECT 1 FROM goose_db_version)`,
		`CREATE TABLE IF NOT EXISTS silo_migration (
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
func now() string { return "'" + time.Now().UTC().Format(time.DateTime) + "'" }

// Redate makes now the time at which all migrations have run, within the open
// transaction: for a copy of a database on which they have run before.
func Redate(conn *sqlite.Conn) error {
	return conn.Exec("UPDATE goose_db_version SET tstamp = " + now())
}

// store is goose's version table on SQLite, with what must be true before a
// version is recorded.
type store struct {
	database.Store
	conn *sqlite.Conn
	set  *Set
	at   *place // of the migration under way
}

func newStore(conn *sqlite.Conn, set *Set, at *place) (*store, error) {
	inner, err := database.NewStore(database.DialectSQLite3, versionTable)
	if err != nil {
		return nil, fmt.Errorf("migrate: goose's store: %w", err)
	}
	return &store{Store: inner, conn: conn, set: set, at: at}, nil
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
	insert := fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (%d, 1, %s)", req.Version, now())
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
	found, err := s.conn.Once(fmt.Sprintf("SELECT is_applied FROM goose_db_version WHERE version_id = %d ORDER BY id DESC", version), func(row *sqlite.Stmt) {
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
		insert, err := s.conn.Cached("INSERT OR REPLACE INTO silo_migration VALUES (last_insert_rowid(), ?, ?, ?, ?)")
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

// checkNames fails if a table was renamed to a reserved name, of which SQLite's
// authorizer is not told.
func (s *store) checkNames() error {
	name := ""
	found, err := s.conn.QueryRow(`SELECT name FROM sqlite_schema
		WHERE name LIKE 'silo\_%' ESCAPE '\' AND name NOT IN ('silo_file', 'silo_migration')`, func(row *sqlite.Stmt) { name = row.ColumnText(0) })
	if err == nil && found {
		err = fmt.Errorf("it leaves %s, and names that begin with silo_ are reserved", name)
	}
	return err
}
