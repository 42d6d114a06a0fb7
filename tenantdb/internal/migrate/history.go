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
func (s *Set) ReadMark(conn *sqlite.Conn) (at Mark, err error) {
	_, err = conn.QueryRow(s.tables.mark, func(row *sqlite.Stmt) {
		at = Mark{last: row.ColumnInt(0), rows: row.ColumnInt(1), applied: row.ColumnInt(2)}
	})
	return at, err
}

// generalError is what SQLite says of a name that it does not find
// (https://www.sqlite.org/rescode.html#error).
const generalError = 1

// history reads which migrations have run, by number. It reads goose's own table,
// which every tool that migrates the file keeps, and what the ledger adds to it.
func (s *Set) history(conn *sqlite.Conn) (rows []applied, at Mark, err error) {
	rows, at, _, err = s.records(conn)
	return rows, at, err
}

// records is history, and reports whether both tables are there and begun.
func (s *Set) records(conn *sqlite.Conn) (rows []applied, at Mark, begun bool, err error) {
	rows, at, err = s.tables.readHistory(conn, s.tables.readLedger)
	var of *sqlite.Error
	if !errors.As(err, &of) || of.Code != generalError {
		return rows, at, err == nil && at.rows > 0, err
	}
	return s.lacking(conn)
}

// lacking is records where SQLite did not find a table a moment ago. Nearly every file has both.
func (s *Set) lacking(conn *sqlite.Conn) (rows []applied, at Mark, begun bool, err error) {
	exists := func(table string) (bool, error) {
		return conn.Once("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '"+table+"'", func(*sqlite.Stmt) {})
	}
	if found, err := exists(s.tables.version); err != nil || !found {
		return nil, Mark{}, false, err
	}
	found, err := exists(s.tables.ledger)
	if err != nil {
		return nil, Mark{}, false, err
	}
	readLedger := func(*sqlite.Conn) ([]entry, error) { return nil, nil }
	if found { // who migrates the file at this moment has made both; or it is something else that was missing, and is so again
		readLedger = s.tables.readLedger
	}
	rows, at, err = s.tables.readHistory(conn, readLedger)
	return rows, at, found && err == nil && at.rows > 0, err
}

// last returns the number of the last migration that has run; 0: none.
func last(rows []applied) int64 {
	if len(rows) == 0 {
		return 0
	}
	return rows[len(rows)-1].version
}

// entry is a row of the ledger.
type entry struct {
	of int64 // goose's row
	applied
}

// readLedger reads the ledger, in the order of goose's rows.
func (t *tables) readLedger(conn *sqlite.Conn) (entries []entry, err error) {
	err = conn.EachOnce("SELECT goose_id, version_id, name, sha256, compatible_with FROM "+t.ledger+" ORDER BY goose_id", func(row *sqlite.Stmt) {
		entries = append(entries, entry{row.ColumnInt(0), applied{row.ColumnInt(1), row.ColumnText(2), row.ColumnText(3), row.ColumnInt(4)}})
	})
	return entries, err
}

// readHistory reads goose's rows, and at the first of them, so in the same transaction,
// the ledger. One statement that joins the two takes twice as long, for it is prepared
// each time that a file is opened.
func (t *tables) readHistory(conn *sqlite.Conn, readLedger func(*sqlite.Conn) ([]entry, error)) (rows []applied, at Mark, err error) {
	sorted := true
	var ledger []entry
	var ledgerErr error
	err = conn.EachOnce("SELECT id, version_id, is_applied FROM "+t.version+" ORDER BY id", func(row *sqlite.Stmt) {
		if at.rows == 0 {
			ledger, ledgerErr = readLedger(conn)
		}
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
		for len(ledger) > 0 && ledger[0].of < at.last {
			ledger = ledger[1:]
		}
		if len(ledger) > 0 && ledger[0].of == at.last && ledger[0].version == a.version {
			a = ledger[0].applied
		}
		rows = append(rows, a)
	})
	if err = cmp.Or(ledgerErr, err); err != nil {
		return nil, Mark{}, err
	}
	if !sorted {
		slices.SortFunc(rows, func(a, b applied) int { return cmp.Compare(a.version, b.version) })
	}
	return rows, at, err
}
