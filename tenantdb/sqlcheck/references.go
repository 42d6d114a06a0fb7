package sqlcheck

import (
	"fmt"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Reference is a foreign key.
type Reference struct {
	Table, Column string // the first column of those that refer
	Parent        string // the table that they refer to
}

// Dangling returns the foreign keys that refer to tables that are not there. SQLite
// accepts them in a schema, and then refuses every write to the tables that have them.
func (db *DB) Dangling() ([]Reference, error) {
	var found []Reference
	err := db.conn.Query(`SELECT s.name, f."from", f."table" FROM sqlite_schema s, pragma_foreign_key_list(s.name) f
		WHERE s.type = 'table' AND f.seq = 0
		  AND NOT EXISTS (SELECT 1 FROM sqlite_schema p WHERE p.type = 'table' AND lower(p.name) = lower(f."table"))
		ORDER BY s.name, f.id DESC`, func(row *sqlite.Stmt) {
		found = append(found, Reference{Table: row.ColumnText(0), Column: row.ColumnText(1), Parent: row.ColumnText(2)})
	})
	if err != nil {
		return nil, fmt.Errorf("sqlcheck: list the foreign keys: %w", err)
	}
	return found, nil
}
