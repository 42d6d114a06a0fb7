package query

import (
	"database/sql"
	"fmt"
)

// Error says which query failed. Its cause is to be had by errors.Is and
// errors.As: [database/sql.ErrNoRows], a class of SQLite's errors that tenantdb
// names, or an error of a context.
type Error struct {
	Query  string // the query's name
	Source string // where its SQL is, as file:line
	Err    error
}

// Error returns the query's name and place, and the cause.
func (e *Error) Error() string { return fmt.Sprintf("query %s (%s): %v", e.Query, e.Source, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func (s *Statement) fail(err error) error {
	if err == nil {
		return nil
	}
	return &Error{Query: s.name, Source: s.source, Err: err}
}

// errNoRows is what One returns without a row; errors.Is(err, sql.ErrNoRows).
func (s *Statement) errNoRows() error { return s.fail(sql.ErrNoRows) }

// A MismatchError says that a column holds another kind of value than the
// generated code was made for, as in a database that another program wrote.
type MismatchError struct {
	Column string // the result column's name
	Index  int    // its place, from 0
	Holds  string // what it holds: INTEGER, REAL, TEXT, BLOB, NULL, or the text that is no time
	Wants  string // what the generated code expects
}

// Error names the column and both kinds.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("column %s (number %d) holds %s, the query's Go type wants %s", e.Column, e.Index+1, e.Holds, e.Wants)
}
