package query

import (
	"strconv"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Row is the row at hand, for the time of one call of a scan function. Its
// methods copy the value of a column, numbered from 0. Where a column holds
// another kind of value than asked for, the method returns zero and the query
// fails with a [MismatchError]; values are never converted silently.
type Row struct {
	stmt *sqlite.Stmt
	err  error // the first mismatch
}

// Int returns an INTEGER.
func (r *Row) Int(i int) int64 {
	if !r.holds(i, sqlite.Integer) {
		return 0
	}
	return r.stmt.ColumnInt(i)
}

// Float returns a REAL, or an INTEGER as one if that is the same number.
func (r *Row) Float(i int) float64 {
	if r.stmt.ColumnType(i) == sqlite.Integer {
		n := r.stmt.ColumnInt(i)
		f := float64(n)
		// 2^63 is a float and no int64: converting it back would be undefined.
		if f >= 1<<63 || int64(f) != n {
			r.mismatch(i, "an INTEGER that no REAL is equal to", "REAL")
			return 0
		}
		return f
	}
	if !r.holds(i, sqlite.Float) {
		return 0
	}
	return r.stmt.ColumnFloat(i)
}

// Text returns a TEXT.
func (r *Row) Text(i int) string {
	if !r.holds(i, sqlite.Text) {
		return ""
	}
	return r.stmt.ColumnText(i)
}

// Blob returns a BLOB; one of no bytes is empty, not nil.
func (r *Row) Blob(i int) []byte {
	if !r.holds(i, sqlite.Blob) {
		return nil
	}
	return r.stmt.ColumnBlob(i)
}

// Bool returns the INTEGER 0 or 1 as false or true.
func (r *Row) Bool(i int) bool {
	switch v := r.Int(i); v {
	case 0, 1:
		return v == 1
	}
	r.mismatch(i, "an INTEGER other than 0 and 1", "a boolean")
	return false
}

// Time returns a TEXT in [TimeFormat], in UTC. The forms that SQLite's
// CURRENT_TIMESTAMP and date() write, and RFC 3339, are read too.
func (r *Row) Time(i int) time.Time {
	if !r.holds(i, sqlite.Text) {
		return time.Time{}
	}
	text := r.stmt.ColumnText(i)
	t, ok := parseTime(text)
	if !ok {
		r.mismatch(i, "the text "+quote(text), "a time such as "+TimeFormat)
	}
	return t
}

// NullInt returns an INTEGER, or nil for NULL.
func (r *Row) NullInt(i int) *int64 { return unlessNull(r, i, (*Row).Int) }

// NullFloat returns a REAL, or nil for NULL.
func (r *Row) NullFloat(i int) *float64 { return unlessNull(r, i, (*Row).Float) }

// NullText returns a TEXT, or nil for NULL.
func (r *Row) NullText(i int) *string { return unlessNull(r, i, (*Row).Text) }

// NullBool returns a boolean, or nil for NULL.
func (r *Row) NullBool(i int) *bool { return unlessNull(r, i, (*Row).Bool) }

// NullTime returns a time, or nil for NULL.
func (r *Row) NullTime(i int) *time.Time { return unlessNull(r, i, (*Row).Time) }

// NullBlob returns a BLOB, or nil for NULL.
func (r *Row) NullBlob(i int) []byte {
	if r.stmt.ColumnType(i) == sqlite.Null {
		return nil
	}
	return r.Blob(i)
}

func unlessNull[T any](r *Row, i int, read func(*Row, int) T) *T {
	if r.stmt.ColumnType(i) == sqlite.Null {
		return nil
	}
	v := read(r, i)
	return &v
}

func (r *Row) holds(i int, want sqlite.Type) bool {
	got := r.stmt.ColumnType(i)
	if got == want {
		return true
	}
	r.mismatch(i, got.String(), want.String())
	return false
}

func (r *Row) mismatch(i int, holds, wants string) {
	if r.err == nil {
		r.err = &MismatchError{Column: r.stmt.ColumnName(i), Index: i, Holds: holds, Wants: wants}
	}
}

// quote shortens a text for an error, and escapes what would break a log's line;
// what a tenant stores is not spilt whole.
func quote(text string) string {
	const most = 32
	if runes := []rune(text); len(runes) > most {
		return strconv.Quote(string(runes[:most])) + "…"
	}
	return strconv.Quote(text)
}
