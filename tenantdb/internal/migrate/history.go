package migrate

import (
	"cmp"
	"errors"
	"slices"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// applied is a migration that a database says has run on it.
type applied struct {
	version        int64
	name, sum      string // empty where another tool ran it
	compatibleWith int64
}

// Mark tells one state of goose's version table from another: a migration that runs adds
// a row of a new number, and one that is taken down removes its row or says of it that it
// is not applied.
type Mark struct{ last, rows, applied int64 }

// ReadMark reads how the version table stands. It is a look at a few rows by a statement
// that the connection keeps: cheap enough to be taken at each request.
func ReadMark(conn *sqlite.Conn) (at Mark, err error) {
	_, err = conn.QueryRow("SELECT max(id), count(*), sum(is_applied <> 0) FROM goose_db_version", func(row *sqlite.Stmt) {
		at = Mark{last: row.ColumnInt(0), rows: row.ColumnInt(1), applied: row.ColumnInt(2)}
	})
	return at, err
}

// generalError is what SQLite says of a name that it does not find
// (https://www.sqlite.org/rescode.html#error).
const generalError = 1

// history reads which migrations have run, by number. It reads goose's own table,
// which every tool that migrates the file keeps, and what the ledger adds to it.
func history(conn *sqlite.Conn) ([]applied, Mark, error) {
	rows, at, err := readHistory(conn, `SELECT g.id, g.version_id, g.is_applied, m.name, m.sha256, m.compatible_with
		FROM goose_db_version g LEFT JOIN silo_migration m ON m.goose_id = g.id AND m.version_id = g.version_id ORDER BY g.id`)
	var of *sqlite.Error
	if !errors.As(err, &of) || of.Code != generalError {
		return rows, at, err
	}
	// A table is missing: ask which. Nearly every file has both.
	exists := func(table string) (bool, error) {
		return conn.Once("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '"+table+"'", func(*sqlite.Stmt) {})
	}
	if found, err := exists(versionTable); err != nil || !found {
		return nil, Mark{}, err
	}
	if found, existsErr := exists("silo_migration"); existsErr != nil || found {
		return nil, Mark{}, errors.Join(err, existsErr)
	}
	return readHistory(conn, "SELECT id, version_id, is_applied, NULL, NULL, NULL FROM goose_db_version ORDER BY id")
}

// readHistory runs one of history's statements.
func readHistory(conn *sqlite.Conn, sql string) (rows []applied, at Mark, err error) {
	sorted := true
	err = conn.EachOnce(sql, func(row *sqlite.Stmt) {
		a := applied{version: row.ColumnInt(1), compatibleWith: row.ColumnInt(1)}
		counts := row.ColumnInt(2) != 0
		at.last = row.ColumnInt(0)
		at.rows++
		if counts {
			at.applied++
		}
		if a.version <= 0 {
			return // goose's own first row
		}
		// Of several rows of a version, which older tools left, the last one counts.
		if n := len(rows); !sorted || n > 0 && rows[n-1].version >= a.version {
			sorted = false
			rows = slices.DeleteFunc(rows, func(b applied) bool { return b.version == a.version })
		}
		if !counts {
			return
		}
		if row.ColumnType(3) != sqlite.Null {
			a.name, a.sum, a.compatibleWith = row.ColumnText(3), row.ColumnText(4), row.ColumnInt(5)
		}
		rows = append(rows, a)
	})
	if !sorted {
		slices.SortFunc(rows, func(a, b applied) int { return cmp.Compare(a.version, b.version) })
	}
	return rows, at, err
}
