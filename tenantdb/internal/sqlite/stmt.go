package sqlite

import (
	"errors"
	"fmt"
	"strings"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Stmt is a prepared statement. It belongs to its Conn and ends with it.
type Stmt struct {
	c    *Conn
	p    uintptr // sqlite3_stmt*
	sql  string
	bufs []buffer // of each parameter: the bytes bound to it
}

// buffer is C memory that holds a parameter's bytes. SQLite is told that they are
// static, so they must stay as they are until the statement is reset and bound
// again, which is when they are next written.
type buffer struct {
	p   uintptr
	cap int
}

// keepBuffer is how many bytes a parameter's buffer may keep between two runs.
const keepBuffer = 16 << 10

// cacheKey finds a prepared statement. SQLite asks the authorizer when it prepares,
// not when it steps: a statement prepared as the runtime's own must not be found
// by the application's SQL of the same text.
type cacheKey struct {
	sql     string
	trusted bool
}

// Cached returns the prepared statement of that text, preparing it at its first
// use on this connection. It is reset by whoever steps it.
func (c *Conn) Cached(sql string) (*Stmt, error) {
	key := cacheKey{sql, c.trusted}
	if s, ok := c.stmts[key]; ok {
		return s, nil
	}
	s, err := c.Prepare(sql, sqlite3.SQLITE_PREPARE_PERSISTENT)
	if err != nil {
		return nil, err
	}
	c.stmts[key] = s
	return s, nil
}

// Prepare compiles one statement. The caller closes it. Text after the statement
// other than white space and comments is an error.
// See https://www.sqlite.org/c3ref/prepare.html.
func (c *Conn) Prepare(sql string, flags uint32) (*Stmt, error) {
	if strings.ContainsRune(sql, 0) {
		return nil, &Error{Code: sqlite3.SQLITE_ERROR, Message: "the statement holds a NUL byte", SQL: sql, Offset: strings.IndexByte(sql, 0)}
	}
	text, err := libc.CString(sql)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	defer free(c.tls, text)
	out := alloc(c.tls, 16) // the statement, and where its text ended
	if out == 0 {
		return nil, errors.New("sqlite: out of memory")
	}
	defer free(c.tls, out)

	c.denied = ""
	if rc := sqlite3.Xsqlite3_prepare_v3(c.tls, c.db, text, -1, flags, out, out+8); rc != sqlite3.SQLITE_OK {
		return nil, c.fail(rc, sql)
	}
	s := &Stmt{c: c, p: readPointer(out), sql: sql}
	if s.p == 0 {
		return nil, &Error{Code: sqlite3.SQLITE_ERROR, Message: "there is no statement in the text", SQL: sql, Offset: -1}
	}
	s.bufs = make([]buffer, sqlite3.Xsqlite3_bind_parameter_count(c.tls, s.p))
	if tail := readPointer(out + 8); readByte(tail) != 0 {
		if err := c.onlyComments(tail, out, sql, int(tail-text)); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

// onlyComments fails if there is a statement in the text at tail.
func (c *Conn) onlyComments(tail, out uintptr, sql string, offset int) error {
	rc := sqlite3.Xsqlite3_prepare_v3(c.tls, c.db, tail, -1, 0, out, 0)
	if rc == sqlite3.SQLITE_OK && readPointer(out) == 0 {
		return nil
	}
	sqlite3.Xsqlite3_finalize(c.tls, readPointer(out))
	return &Error{Code: sqlite3.SQLITE_ERROR, Message: "there is more than one statement in the text", SQL: sql, Offset: offset}
}

// Close finalizes the statement. It may be called twice.
func (s *Stmt) Close() {
	if s.p == 0 {
		return
	}
	// finalize returns the last step's error again, which was reported then.
	sqlite3.Xsqlite3_finalize(s.c.tls, s.p)
	s.p = 0
	for _, b := range s.bufs {
		free(s.c.tls, b.p)
	}
	s.bufs = nil
}

// Step runs the statement to its next row, or to its end.
// See https://www.sqlite.org/c3ref/step.html.
func (s *Stmt) Step() (row bool, err error) {
	switch rc := sqlite3.Xsqlite3_step(s.c.tls, s.p); rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		return false, s.c.fail(rc, s.sql)
	}
}

// Reset makes the statement ready to be bound and run again. Bound values stay,
// but for large ones, whose memory is freed.
func (s *Stmt) Reset() {
	// reset returns the last step's error again, which was reported then.
	sqlite3.Xsqlite3_reset(s.c.tls, s.p)
	for i := range s.bufs {
		if s.bufs[i].cap > keepBuffer {
			sqlite3.Xsqlite3_bind_null(s.c.tls, s.p, int32(i+1))
			free(s.c.tls, s.bufs[i].p)
			s.bufs[i] = buffer{}
		}
	}
}

// ReadOnly reports whether SQLite knows that the statement changes nothing
// (https://www.sqlite.org/c3ref/stmt_readonly.html).
func (s *Stmt) ReadOnly() bool { return sqlite3.Xsqlite3_stmt_readonly(s.c.tls, s.p) != 0 }

// SQL returns the statement's text.
func (s *Stmt) SQL() string { return s.sql }
