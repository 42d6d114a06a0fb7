package driver

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// outcome is what one run of a query gave.
type outcome struct {
	rows   [][]any // of driver values
	count  int64   // rows affected
	last   int64   // last inserted rowid
	err    error
	after  []string // the tables' contents, after a write
	stored error    // why they could not be read
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
		all = append(all, row)
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
