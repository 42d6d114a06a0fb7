package sqlcheck

import (
	"fmt"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Kind says what an [Object] is.
type Kind string

// The kinds of objects that a schema is made of.
const (
	Table   Kind = "table"
	Virtual Kind = "virtual" // a virtual table, such as one of FTS5
	View    Kind = "view"
	Index   Kind = "index"
	Trigger Kind = "trigger"
)

// Object is one of the things that a schema is made of.
type Object struct {
	Kind  Kind
	Name  string
	Table string // the table or view that an index or trigger is on; else the name itself
	SQL   string // as SQLite keeps it
}

// objects leaves out what SQLite makes for itself, which has no text or a name of
// SQLite's, the records of migrations, and the tables within virtual tables. The list
// of tables is made once, not for each row.
func (s scope) objects() string {
	return `WITH l AS MATERIALIZED (SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('virtual', 'shadow'))
	SELECT CASE WHEN s.type = 'table' AND s.name IN (SELECT name FROM l WHERE type = 'virtual') THEN 'virtual' ELSE s.type END, s.name, s.tbl_name, s.sql
	FROM sqlite_schema s
	WHERE s.sql IS NOT NULL
	  AND s.tbl_name NOT LIKE 'sqlite^_%' ESCAPE '^' AND s.name NOT LIKE 'sqlite^_%' ESCAPE '^'
	  AND s.tbl_name NOT IN ('goose_db_version', 'silo_goose_db_version', 'silo_migration', 'silo_catalog_migration', 'silo_file')
	  AND (` + string(s) + `)
	  AND s.tbl_name NOT IN (SELECT name FROM l WHERE type = 'shadow')
	ORDER BY s.type, s.name`
}

// scope says whose objects are meant, as a condition of SQL.
type scope string

const (
	applications scope = `s.tbl_name NOT LIKE 'silo^_%' ESCAPE '^'`
	catalogs     scope = "true" // the catalog has no others beside it when it is checked
)

// Objects returns what the migrations made, by kind and name. What SQLite, goose and
// Silo keep for themselves is not among it, nor what virtual tables are made of.
func (db *DB) Objects() ([]Object, error) { return readObjects(db.conn, db.scope) }

func readObjects(conn *sqlite.Conn, of scope) ([]Object, error) {
	var found []Object
	err := conn.Query(of.objects(), func(row *sqlite.Stmt) {
		found = append(found, Object{
			Kind: Kind(row.ColumnText(0)), Name: row.ColumnText(1), Table: row.ColumnText(2), SQL: row.ColumnText(3),
		})
	})
	if err != nil {
		return nil, fmt.Errorf("sqlcheck: list the schema: %w", err)
	}
	return found, nil
}
