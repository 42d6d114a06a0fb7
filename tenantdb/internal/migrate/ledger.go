package migrate

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// make makes goose's table, as goose would, and that of what goose does not record, where
// they are not there. A row of the latter belongs to the goose row of that id, so that a
// migration which another tool took down or ran again is not held against the text it had
// before.
func (t *tables) make(conn *sqlite.Conn) error {
	for _, sql := range [...]string{
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
	} {
		if err := conn.Exec(sql); err != nil {
			return err
		}
	}
	return nil
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

// guard records which migrations have run, if what must be true before that is.
type guard struct {
	conn *sqlite.Conn
	set  *Set
	own  string // the names beginning with silo_ that were there before, as a list of SQL
}

func newGuard(conn *sqlite.Conn, set *Set) (*guard, error) {
	g := &guard{conn: conn, set: set}
	if !set.mayTakeNames() {
		return g, nil
	}
	return g, g.noteNames()
}

// mayTakeNames reports whether a migration of the set may give a reserved name in a way of
// which SQLite's authorizer is not told, as by renaming a table. Names are written out in
// the texts, or their beginnings: a full-text table makes others of its own name.
func (s *Set) mayTakeNames() bool {
	return s.Policy() != sqlite.CatalogMigrations && slices.ContainsFunc(s.Migrations, func(m Migration) bool { return m.namesOurs })
}

// check fails if a foreign key is left broken, or a reserved name taken.
func (g *guard) check() error { return errors.Join(checkForeignKeys(g.conn), g.checkNames()) }

// record records a migration in goose's table and in the ledger, in its own transaction. It
// uses the connection as the runtime does: migrations are held to the policy, which keeps
// off these tables.
func (g *guard) record(m Migration) error {
	if err := g.check(); err != nil {
		return err
	}
	_, err := g.conn.Once(fmt.Sprintf("INSERT INTO %s (version_id, is_applied, tstamp) VALUES (%d, 1, %s)", g.set.tables.version, m.Version, now()), func(*sqlite.Stmt) {})
	if err != nil {
		return err
	}
	return g.add(m)
}

// add adds the ledger's row to the row of goose's that was inserted last.
func (g *guard) add(m Migration) error {
	return g.conn.Trusted(func() error {
		insert, err := g.conn.Cached("INSERT OR REPLACE INTO " + g.set.tables.ledger + " VALUES (last_insert_rowid(), ?, ?, ?, ?)")
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
func (g *guard) noteNames() error {
	g.own = "'silo_file', 'silo_migration'"
	catalog, err := g.conn.Once("SELECT 1 FROM sqlite_schema WHERE name = '"+catalogTables().version+"'", func(*sqlite.Stmt) {})
	if err != nil || !catalog {
		return err
	}
	return g.conn.EachOnce(`SELECT name FROM sqlite_schema WHERE name LIKE 'silo\_%' ESCAPE '\'`, func(row *sqlite.Stmt) {
		g.own += ", " + literal(row.ColumnText(0))
	})
}

// checkNames fails if a reserved name was taken.
func (g *guard) checkNames() error {
	if !g.set.mayTakeNames() {
		return nil
	}
	name := ""
	found, err := g.conn.QueryRow(`SELECT name FROM sqlite_schema
		WHERE name LIKE 'silo\_%' ESCAPE '\' AND name NOT IN (`+g.own+`)`, func(row *sqlite.Stmt) { name = row.ColumnText(0) })
	if err == nil && found {
		err = fmt.Errorf("it leaves %s, and names that begin with silo_ are reserved", name)
	}
	return err
}
