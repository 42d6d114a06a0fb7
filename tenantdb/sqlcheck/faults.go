package sqlcheck

import (
	"errors"
	"fmt"
	"strings"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Fault is a table with a foreign key that SQLite cannot follow, or a view that it cannot
// read.
type Fault struct {
	Table   string
	Message string // what SQLite says
}

// Keys returns the tables that have foreign keys to columns which are neither a primary
// key nor unique. SQLite accepts them in a schema, and then refuses writes to both tables
// (https://www.sqlite.org/foreignkeys.html#fk_indexes).
func (db *DB) Keys() ([]Fault, error) {
	var found []Fault
	err := migrate.FaultyKeys(db.conn, func(table, message string) { found = append(found, Fault{Table: table, Message: message}) })
	if err != nil {
		return nil, fmt.Errorf("sqlcheck: check the foreign keys: %w", err)
	}
	return found, nil
}

// Views returns the views that SQLite cannot read. It looks at what they select only when
// they are used (https://www.sqlite.org/lang_createview.html).
func (db *DB) Views() ([]Fault, error) {
	var names []string
	err := db.conn.Query("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name", func(row *sqlite.Stmt) { names = append(names, row.ColumnText(0)) })
	if err != nil {
		return nil, fmt.Errorf("sqlcheck: list the views: %w", err)
	}
	var found []Fault
	for _, name := range names {
		s, err := db.conn.Prepare(`SELECT * FROM "`+strings.ReplaceAll(name, `"`, `""`)+`"`, 0)
		var of *sqlite.Error
		switch {
		case err == nil:
			s.Close()
		case errors.As(err, &of):
			found = append(found, Fault{Table: name, Message: of.Message})
		default:
			return nil, fmt.Errorf("sqlcheck: the view %s: %w", name, err)
		}
	}
	return found, nil
}
