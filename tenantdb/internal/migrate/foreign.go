package migrate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// checkForeignKeys fails if a row refers to one that is not there. The migrating
// connection does not enforce foreign keys, and SQLite does not look again when
// they are switched on (https://www.sqlite.org/pragma.html#pragma_foreign_key_check).
//
// A foreign key to a table that does not exist, or to columns that are no key of it, is a
// fault of the schema: SQLite refuses all writes by it, whatever the rows, and the
// generator tells it. There is nothing to be looked for then.
func checkForeignKeys(conn *sqlite.Conn) error {
	err := broken(conn, "foreign_key_check")
	if !isFault(err) {
		return err
	}
	tables, err := referring(conn)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if err := broken(conn, "foreign_key_check("+literal(table)+")"); err != nil && !isFault(err) {
			return err
		}
	}
	return nil
}

// CheckForeignKeys fails if a row refers to one that is not there, of a database that was
// brought from elsewhere.
func CheckForeignKeys(conn *sqlite.Conn) error { return checkForeignKeys(conn) }

// broken fails with the first row that a PRAGMA foreign_key_check finds and that has a table to
// refer to. It is not asked as a table, whose making takes as long as the look at a small file.
func broken(conn *sqlite.Conn, check string) error {
	return conn.Trusted(func() error {
		row, err := conn.Prepare("PRAGMA "+check, 0)
		if err != nil {
			return err
		}
		defer row.Close()
		absent := map[string]bool{} // tables that are not there
		for {
			if found, err := row.Step(); err != nil || !found {
				return err
			}
			table, rowid, parent := row.ColumnText(0), row.ColumnInt(1), row.ColumnText(2)
			if absent[parent] {
				continue
			}
			exists, err := conn.Once("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = "+literal(parent)+" COLLATE NOCASE", func(*sqlite.Stmt) {})
			if err != nil {
				return err
			}
			if exists {
				return fmt.Errorf("it leaves rows of table %s that refer to rows of %s which do not exist, the first has rowid %d", table, parent, rowid)
			}
			absent[parent] = true
		}
	})
}

// isFault reports whether the check says that a foreign key is none: SQLite has no code
// for it but that of an error in SQL.
func isFault(err error) bool {
	var of *sqlite.Error
	return errors.As(err, &of) && of.Code == sqlError
}

// sqlError is SQLITE_ERROR (https://www.sqlite.org/rescode.html#error).
const sqlError = 1

// referring returns the tables that have foreign keys.
func referring(conn *sqlite.Conn) (tables []string, err error) {
	err = conn.EachOnce("SELECT DISTINCT s.name FROM sqlite_schema s, pragma_foreign_key_list(s.name) WHERE s.type = 'table' ORDER BY 1", func(row *sqlite.Stmt) {
		tables = append(tables, row.ColumnText(0))
	})
	return tables, err
}

// FaultyKeys calls fault with each table that has a foreign key to columns which are no
// key of the table that they are in, and with what SQLite says of it.
func FaultyKeys(conn *sqlite.Conn, fault func(table, message string)) error {
	tables, err := referring(conn)
	if err != nil {
		return err
	}
	for _, table := range tables {
		var of *sqlite.Error
		switch err := broken(conn, "foreign_key_check("+literal(table)+")"); {
		case isFault(err) && errors.As(err, &of):
			fault(table, of.Message)
		case errors.As(err, &of):
			return err
		}
	}
	return nil
}

// literal is a text as SQL has it.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
