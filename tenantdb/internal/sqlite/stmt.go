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

	// Kept is what the user of the statement keeps with it from one run to the next.
	Kept any
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

// Numbered returns the prepared statement of that number, preparing it at its first
// use on this connection. A number stands for one text for the life of the process;
// small numbers make short tables. It is reset by whoever steps it.
func (c *Conn) Numbered(n int, sql string) (*Stmt, error) {
	if n < len(c.byID) && c.byID[n] != nil {
		return c.byID[n], nil
	}
	s, err := c.Prepare(sql, sqlite3.SQLITE_PREPARE_PERSISTENT)
	if err != nil {
		return nil, err
	}
	if n >= len(c.byID) {
		c.byID = append(c.byID, make([]*Stmt, n+1-len(c.byID))...)
	}
	c.byID[n] = s
	return s, nil
}

// Prepare compiles one statement. The caller closes it. Text after the statement
// other than white space and comments is an error.
// See https://www.sqlite.org/c3ref/prepare.html.
func (c *Conn) Prepare(sql string, flags uint32) (s *Stmt, err error) {
	err = c.withText(sql, func(text uintptr) error {
		var next int
		if s, next, err = c.prepareAt(sql, text, 0, flags); err != nil {
			return err
		}
		if s == nil {
			return &Error{Code: sqlite3.SQLITE_ERROR, Message: noStatement, SQL: sql, Offset: -1}
		}
		if next == len(sql) {
			return nil
		}
		if second, _, err := c.prepareAt(sql, text, next, flags); err != nil || second != nil {
			if second != nil {
				second.Close()
			}
			s.Close()
			return &Error{Code: sqlite3.SQLITE_ERROR, Message: manyStatements, SQL: sql, Offset: next}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Script runs the statements of sql one after the other and passes over their rows.
// An error's offset is of the statement that failed, or of the token in it.
func (c *Conn) Script(sql string) error {
	return c.withText(sql, func(text uintptr) error {
		for at := 0; at < len(sql); {
			s, next, err := c.prepareAt(sql, text, at, 0)
			if s == nil && err == nil {
				return nil // comments to the end
			}
			for row := true; row && err == nil; {
				row, err = s.Step()
			}
			if s != nil {
				s.Close()
			}
			if err != nil {
				var of *Error
				if errors.As(err, &of) && of.Offset < 0 {
					of.Offset = at + leadingSpace(sql[at:])
				}
				return err
			}
			at = next
		}
		return nil
	})
}

// leadingSpace is how much white space, empty statements and comments stand before the statement that
// sql begins with.
func leadingSpace(sql string) int {
	rest := sql
	for {
		rest = strings.TrimLeft(rest, " \t\r\n\f;")
		var end string
		switch {
		case strings.HasPrefix(rest, "--"):
			end = "\n"
		case strings.HasPrefix(rest, "/*"):
			end = "*/"
		default:
			return len(sql) - len(rest)
		}
		_, rest, _ = strings.Cut(rest[2:], end)
	}
}

// withText calls f with a copy of sql in C memory, ended by a NUL.
func (c *Conn) withText(sql string, f func(text uintptr) error) error {
	if at := strings.IndexByte(sql, 0); at >= 0 {
		return &Error{Code: sqlite3.SQLITE_ERROR, Message: nulInStatement, SQL: sql, Offset: at}
	}
	text, err := libc.CString(sql)
	if err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	defer free(c.tls, text)
	return f(text)
}

// prepareAt compiles the statement that begins at the offset in sql, of which text is
// the copy in C memory, and returns where the next one begins. Without a statement
// there it returns nil.
func (c *Conn) prepareAt(sql string, text uintptr, at int, flags uint32) (s *Stmt, next int, err error) {
	out := alloc(c.tls, 16) // the statement, and where its text ended
	if out == 0 {
		return nil, 0, errors.New("sqlite: out of memory")
	}
	defer free(c.tls, out)
	c.denied = ""
	tls := c.tls
	if c.settled {
		// On a stack of its own, for parsing needs ten times as much of it as all that
		// follows. Before, the connection's is used, which Settle replaces.
		tls = libc.NewTLS()
		defer tls.Close()
	}
	rc := sqlite3.Xsqlite3_prepare_v3(tls, c.db, text+uintptr(at), -1, flags, out, out+8)
	if rc != sqlite3.SQLITE_OK {
		err := c.fail(rc, sql)
		var of *Error
		if errors.As(err, &of) && of.Offset >= 0 {
			of.Offset += at
		}
		return nil, 0, err
	}
	next = int(readPointer(out+8) - text)
	p := readPointer(out)
	if p == 0 {
		return nil, next, nil
	}
	return &Stmt{c: c, p: p, sql: sql, bufs: make([]buffer, sqlite3.Xsqlite3_bind_parameter_count(c.tls, p))}, next, nil
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
