package sqlite

import (
	"math"

	sqlite3 "modernc.org/sqlite/lib"
)

// Parameters are numbered from 1 (https://www.sqlite.org/c3ref/bind_blob.html).

// ParamCount returns the largest parameter number.
func (s *Stmt) ParamCount() int { return len(s.bufs) }

// ParamName returns the name of a parameter with its prefix, or "" for a bare ?.
func (s *Stmt) ParamName(i int) string {
	return goString(sqlite3.Xsqlite3_bind_parameter_name(s.c.tls, s.p, int32(i)))
}

// BindNull binds NULL.
func (s *Stmt) BindNull(i int) error {
	return s.bound(sqlite3.Xsqlite3_bind_null(s.c.tls, s.p, int32(i)))
}

// BindInt binds an INTEGER.
func (s *Stmt) BindInt(i int, v int64) error {
	return s.bound(sqlite3.Xsqlite3_bind_int64(s.c.tls, s.p, int32(i), v))
}

// BindFloat binds a REAL. SQLite has no NaN and would store NULL in its place,
// so NaN is an error.
func (s *Stmt) BindFloat(i int, v float64) error {
	if math.IsNaN(v) {
		return &Error{Code: sqlite3.SQLITE_MISMATCH, Message: "SQLite cannot hold NaN", SQL: s.sql, Offset: -1}
	}
	return s.bound(sqlite3.Xsqlite3_bind_double(s.c.tls, s.p, int32(i), v))
}

// BindText binds TEXT.
func (s *Stmt) BindText(i int, v string) error {
	p, err := s.buffer(i, len(v))
	if err != nil {
		return err
	}
	copy(bytesAt(p, len(v)), v)
	return s.bound(sqlite3.Xsqlite3_bind_text64(s.c.tls, s.p, int32(i), p, uint64(len(v)), 0, sqlite3.SQLITE_UTF8))
}

// BindBlob binds the bytes of v as a BLOB; one of no bytes is an empty BLOB, not NULL.
func (s *Stmt) BindBlob(i int, v string) error {
	p, err := s.buffer(i, len(v))
	if err != nil {
		return err
	}
	copy(bytesAt(p, len(v)), v)
	return s.bound(sqlite3.Xsqlite3_bind_blob64(s.c.tls, s.p, int32(i), p, uint64(len(v)), 0))
}

// buffer returns memory for n bytes of parameter i, never nil, so that no bytes
// are not taken for NULL.
func (s *Stmt) buffer(i, n int) (uintptr, error) {
	if i < 1 || i > len(s.bufs) {
		return 0, &Error{Code: sqlite3.SQLITE_RANGE, Message: "no such parameter", SQL: s.sql, Offset: -1}
	}
	b := &s.bufs[i-1]
	if b.cap < n || b.p == 0 {
		p := alloc(s.c.tls, max(n, 32))
		if p == 0 {
			return 0, &Error{Code: sqlite3.SQLITE_NOMEM, Message: "out of memory", SQL: s.sql, Offset: -1}
		}
		// The statement may still be bound to the old memory; it is bound anew
		// before it is stepped.
		free(s.c.tls, b.p)
		*b = buffer{p: p, cap: max(n, 32)}
	}
	return b.p, nil
}

func (s *Stmt) bound(rc int32) error {
	if rc != sqlite3.SQLITE_OK {
		return s.c.fail(rc, s.sql)
	}
	return nil
}
