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
	Source string // the file that its SQL is in
	Err    error
}

// Error returns the query's name and file, and the cause.
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

// A RowError says at which of its rows a [Bulk] failed.
type RowError struct {
	Index int // the row's place in what Bulk was given, from 0
	Err   error
}

// Error names the row and the cause.
func (e *RowError) Error() string {
	return fmt.Sprintf("rows[%d], so none is written: %v", e.Index, e.Err)
}

// Unwrap returns the cause.
func (e *RowError) Unwrap() error { return e.Err }

// A TypeError says that a Go type, which the author chose, has no place in SQLite.
type TypeError struct {
	Type   string // the Go type
	Column string // the result column's name; empty where the type is an argument's
}

// Error names the type and what it lacks.
func (e *TypeError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("type %s neither is a basic kind nor implements driver.Valuer: give it a Value method, or choose another type", e.Type)
	}
	return fmt.Sprintf("type %s of column %s neither is a basic kind nor implements sql.Scanner: give it a Scan method, or choose another type", e.Type, e.Column)
}

// A ConversionError wraps what a method of a Go type, which the author chose, returned.
type ConversionError struct {
	Type   string // the Go type
	Method string // Scan, UnmarshalText, Value or MarshalText
	Column string // the result column's name; empty where the type is an argument's
	Err    error
}

// Error names the column, the type and its method, and the cause.
func (e *ConversionError) Error() string {
	text := fmt.Sprintf("%s of type %s: %v", e.Method, e.Type, e.Err)
	if e.Column == "" {
		return text
	}
	return "column " + e.Column + ": " + text
}

// Unwrap returns the cause.
func (e *ConversionError) Unwrap() error { return e.Err }
