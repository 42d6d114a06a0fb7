package sqlcheck

import (
	"fmt"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Tables returns the names of the tables and views that the migrations made, in the
// order of their names. Those of SQLite itself, of the record of migrations and within
// virtual tables are not among them.
func (db *DB) Tables() ([]string, error) {
	var names []string
	err := db.conn.Query(`SELECT name FROM pragma_table_list
		WHERE schema = 'main' AND type IN ('table', 'view', 'virtual')
		  AND name NOT LIKE 'sqlite^_%' ESCAPE '^' AND name NOT IN ('goose_db_version', 'silo_migration', 'silo_file')
		ORDER BY name`, func(row *sqlite.Stmt) { names = append(names, row.ColumnText(0)) })
	if err != nil {
		return nil, fmt.Errorf("sqlcheck: list the tables: %w", err)
	}
	return names, nil
}
