package migrate

import (
	"errors"
	"fmt"
)

var (
	// ErrAhead is returned for a database on which a newer set of migrations
	// has run, unless that set declared itself compatible down to this one.
	ErrAhead = errors.New("the database is ahead of this program's migrations")

	// ErrDiverged is returned for a database whose applied migrations are not
	// those of the set: one is missing, unknown or of another text.
	ErrDiverged = errors.New("the database has another migration history")

	// ErrFailed is returned when a migration failed. The database is as it was.
	ErrFailed = errors.New("migration failed")

	// ErrInvalid is returned by Load for a set that cannot be run as a whole.
	ErrInvalid = errors.New("invalid migrations")
)

// Error tells which migration a failure is about.
type Error struct {
	Kind    error  // ErrAhead, ErrDiverged, ErrFailed or ErrInvalid
	File    string // the migration's file, within its folder; may be empty
	Line    int    // the line in File, or 0
	Version int64  // the migration's number, or 0
	Detail  string // what is wrong and what to do
	Err     error  // the cause, or nil
}

// Error returns the place, the kind and the detail.
func (e *Error) Error() string {
	text := e.Kind.Error()
	if e.File != "" {
		place := e.File
		if e.Line > 0 {
			place = fmt.Sprintf("%s:%d", e.File, e.Line)
		}
		text = place + ": " + text
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Is reports whether target is the error's kind.
func (e *Error) Is(target error) bool { return target == e.Kind }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
