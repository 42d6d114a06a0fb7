package driver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// outcome is what one run of a query gave.
type outcome struct {
	rows   [][]any // of driver values
	count  int64   // rows affected
	last   int64   // last inserted rowid
	err    error
	after  []string // the tables' contents, after a write
	stored error    // why they could not be read
	class  string   // of err
}

// open opens a file for SQL by hand, set up as far as results hang on it.
func open(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", path+"?_pragma=foreign_keys(1)&_pragma=trusted_schema(0)&_pragma=synchronous(0)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// mostRows is how many rows are compared at most. A recursion up to a number that is drawn
// may give as many as fill the memory.
const mostRows = 10_000

var errManyRows = fmt.Errorf("it gives more than %d rows", mostRows)

// returnsRows reports whether a command gives rows.
func returnsRows(command string) bool { return command == ":one" || command == ":many" }

// runByHand runs a statement on a file.
func runByHand(ctx context.Context, db *sql.DB, q Query, values [][]any) outcome {
	text, args := q.Statement.sql(values)
	if returnsRows(q.Command) {
		rows, err := queryRows(ctx, db, text, args...)
		return outcome{rows: rows, err: err}
	}
	result, err := db.ExecContext(ctx, text, args...)
	if err != nil {
		return outcome{err: err}
	}
	count, err1 := result.RowsAffected()
	last, err2 := result.LastInsertId()
	return outcome{count: count, last: last, err: errors.Join(err1, err2)}
}

func queryRows(ctx context.Context, db *sql.DB, query string, args ...any) (all [][]any, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		row, places := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			places[i] = &row[i]
		}
		if err := rows.Scan(places...); err != nil {
			return nil, err
		}
		if all = append(all, row); len(all) > mostRows {
			return nil, errManyRows
		}
	}
	return all, rows.Err()
}

// bound returns a value as it was stored, where the driver made a time of a text.
func bound(value any) any {
	if at, ok := value.(time.Time); ok {
		return at.UTC().Format(timeLayout)
	}
	return value
}

// Class names what kind of error SQL by hand ended with. The words are those that a
// Session uses of the runtime's errors.
func Class(err error) string {
	var of *sqlite.Error
	switch {
	case err == nil:
		return ""
	case errors.Is(err, sql.ErrNoRows):
		return "no rows"
	case !errors.As(err, &of):
		return "other"
	}
	switch of.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return "unique"
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return "foreign key"
	case sqlite3.SQLITE_CONSTRAINT_NOTNULL:
		return "not null"
	case sqlite3.SQLITE_CONSTRAINT_CHECK:
		return "check"
	}
	if of.Code()&0xff == sqlite3.SQLITE_CONSTRAINT {
		return "constraint"
	}
	return "other"
}
