package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"
)

// Classes of SQLite's result codes, for errors.Is. An [*Error] is at most one of
// them; a constraint is ErrConstraint besides. See https://www.sqlite.org/rescode.html.
var (
	ErrBusy          = errors.New("the database is locked by another connection")
	ErrUnique        = errors.New("unique constraint failed")
	ErrForeignKey    = errors.New("foreign key constraint failed")
	ErrNotNull       = errors.New("NOT NULL constraint failed")
	ErrCheck         = errors.New("CHECK constraint failed")
	ErrConstraint    = errors.New("constraint failed")
	ErrDiskFull      = errors.New("the disk is full")
	ErrReadOnly      = errors.New("the database cannot be written")
	ErrCorrupt       = errors.New("the database file is corrupt")
	ErrNotADatabase  = errors.New("the file is not a database")
	ErrCannotOpen    = errors.New("the database file cannot be opened")
	ErrTooManyFiles  = errors.New("the process has no file descriptors left")
	ErrIO            = errors.New("the disk failed")
	ErrNotAuthorized = errors.New("the statement is not allowed on this connection")
	ErrTooBig        = errors.New("a value or the statement is too large")
	ErrInterrupted   = errors.New("the statement was interrupted")
)

// Error is what SQLite said when a call failed.
type Error struct {
	Code    int    // the extended result code
	Message string // SQLite's words
	SQL     string // the statement's text; empty where no statement was involved
	Offset  int    // byte offset in SQL of the token that was wrong, or -1
	Errno   int    // the operating system's error number of a failed open, or 0

	cause error // what stopped the statement: the context's cause, or why it was expelled
}

// Error returns SQLite's message and the result code.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %v", e.Message, e.cause)
	}
	return fmt.Sprintf("%s (SQLite code %d)", e.Message, e.Code)
}

// Is reports whether target is the class of e's result code.
func (e *Error) Is(target error) bool {
	if target == ErrConstraint {
		return e.Code&0xff == sqlite3.SQLITE_CONSTRAINT
	}
	return target != nil && target == e.class()
}

// Unwrap returns what stopped the statement: the cause of the context's end, so that
// errors.Is(err, context.Canceled) holds, or why it was expelled.
func (e *Error) Unwrap() error { return e.cause }

// OfContent reports whether SQLite found fault with what it was given, SQL or a file's
// content, for which it has no other class: an unknown format, a name that is not there.
func (e *Error) OfContent() bool {
	return e.Code&0xff == sqlite3.SQLITE_ERROR || e.Code&0xff == sqlite3.SQLITE_MISMATCH || e.Code&0xff == sqlite3.SQLITE_FORMAT
}

// What is said of a text that SQLite is not asked about.
const (
	noStatement    = "there is no statement in the text"
	manyStatements = "there is more than one statement in the text"
	nulInStatement = "the statement holds a NUL byte"
)

// OfGrammar reports whether the text is not one statement of SQL, whatever the schema.
func (e *Error) OfGrammar() bool {
	switch e.Message {
	case noStatement, manyStatements, nulInStatement, "incomplete input":
		return true
	}
	return strings.HasSuffix(e.Message, ": syntax error") || strings.HasPrefix(e.Message, "unrecognized token")
}

func (e *Error) class() error {
	switch e.Code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return ErrUnique
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return ErrForeignKey
	case sqlite3.SQLITE_CONSTRAINT_NOTNULL:
		return ErrNotNull
	case sqlite3.SQLITE_CONSTRAINT_CHECK:
		return ErrCheck
	}
	switch e.Code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return ErrBusy
	case sqlite3.SQLITE_FULL:
		return ErrDiskFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	case sqlite3.SQLITE_CORRUPT:
		return ErrCorrupt
	case sqlite3.SQLITE_NOTADB:
		return ErrNotADatabase
	case sqlite3.SQLITE_CANTOPEN:
		if isTooManyFiles(e.Errno) {
			return ErrTooManyFiles
		}
		return ErrCannotOpen
	case sqlite3.SQLITE_IOERR:
		return ErrIO
	case sqlite3.SQLITE_AUTH:
		return ErrNotAuthorized
	case sqlite3.SQLITE_TOOBIG:
		return ErrTooBig
	case sqlite3.SQLITE_INTERRUPT:
		return ErrInterrupted
	}
	return nil
}

// Broken reports whether err says that the connection itself, or what it has
// cached of its file, can no longer be relied upon and must be closed.
func Broken(err error) bool {
	if err == nil {
		return false // without a look, which is an allocation
	}
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	if e.Code == sqlite3.SQLITE_READONLY_DBMOVED {
		return true // the file has been removed or renamed
	}
	if errors.Is(e, ErrTooManyFiles) {
		return false // what is open is sound
	}
	switch e.Code & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_INTERNAL, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM:
		return true
	}
	return false
}

// Ended returns why ctx has ended: its cause, which errors.Is finds to be the
// context's own error too.
func Ended(ctx context.Context) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, ctx.Err()) {
		return cause
	}
	return errors.Join(ctx.Err(), cause)
}

// fail makes the error of the call on c that returned rc.
func (c *Conn) fail(rc int32, sql string) error {
	e := &Error{
		Code:    int(rc),
		Message: goString(sqlite3.Xsqlite3_errmsg(c.tls, c.db)),
		SQL:     sql,
		Offset:  int(sqlite3.Xsqlite3_error_offset(c.tls, c.db)),
	}
	if c.denied != "" {
		// Of a function that is refused, SQLite's code is that of any mistake.
		e.Code, e.Message, c.denied = sqlite3.SQLITE_AUTH, c.denied, ""
		return e
	}
	switch rc & 0xff {
	case sqlite3.SQLITE_FULL:
		c.full = true
	case sqlite3.SQLITE_CANTOPEN:
		e.Errno = int(sqlite3.Xsqlite3_system_errno(c.tls, c.db))
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_INTERRUPT:
		if why := c.Expelled(); why != nil {
			e.Message, e.cause = "stopped", why
		} else if c.ctx != nil && c.ctx.Err() != nil {
			e.Message, e.cause = "stopped by its context", Ended(c.ctx)
		}
	}
	e.Message = strings.TrimSpace(e.Message)
	return e
}
