package query

import (
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Row is the row at hand, for the time of one call of a scan function. Its
// methods copy the value of a column, numbered from 0. Where a column holds
// another kind of value than asked for, the method returns zero and the query
// fails with a [MismatchError]; values are never converted silently.
type Row struct {
	stmt  *sqlite.Stmt
	first int   // the statement's column that is number 0 here
	err   error // why a column was not read, of the first that was not
	text  arena // of the result
}

// at returns what a column holds.
func (r *Row) at(i int) sqlite.Value { return r.stmt.Value(r.first + i) }

// name returns what a column is called.
func (r *Row) name(i int) string { return r.stmt.ColumnName(r.first + i) }

// Int returns an INTEGER.
func (r *Row) Int(i int) int64 {
	v := r.at(i)
	if got := v.Type(); got != sqlite.Integer {
		r.holds(i, got, sqlite.Integer)
		return 0
	}
	return v.Int()
}

// Float returns a REAL, or an INTEGER as one if that is the same number.
func (r *Row) Float(i int) float64 {
	v := r.at(i)
	switch got := v.Type(); got {
	case sqlite.Float:
		return v.Float()
	case sqlite.Integer:
		n := v.Int()
		f := float64(n)
		// 2^63 is a float and no int64: converting it back would be undefined.
		if f >= 1<<63 || int64(f) != n {
			r.mismatch(i, "an INTEGER that no REAL is equal to", "REAL")
			return 0
		}
		return f
	default:
		r.holds(i, got, sqlite.Float)
		return 0
	}
}

// Text returns a TEXT. The texts of one result share memory, in pieces of up to 4 KiB,
// but for long ones: who keeps one keeps its piece.
func (r *Row) Text(i int) string {
	v := r.at(i)
	if got := v.Type(); got != sqlite.Text {
		r.holds(i, got, sqlite.Text)
		return ""
	}
	return r.text.copy(v.Bytes())
}

// Blob returns a BLOB, or the bytes of a TEXT, which SQLite stores in a column of BLOBs
// as it is; one of no bytes is empty, not nil.
func (r *Row) Blob(i int) []byte {
	v := r.at(i)
	switch got := v.Type(); got {
	case sqlite.Blob, sqlite.Text:
		return clone(v.Bytes())
	default:
		r.holds(i, got, sqlite.Blob)
		return nil
	}
}

// Bytes returns the bytes of a TEXT or BLOB; those of an empty one are empty, not nil.
func (r *Row) Bytes(i int) []byte {
	v := r.at(i)
	switch got := v.Type(); got {
	case sqlite.Text, sqlite.Blob:
		return clone(v.Bytes())
	default:
		r.mismatch(i, got.String(), "TEXT or BLOB")
		return nil
	}
}

// clone copies bytes that are SQLite's; a copy of none is not nil.
func clone(view []byte) []byte { return append(make([]byte, 0, len(view)), view...) }

// JSON returns a TEXT, as it is, or the number that an INTEGER or REAL is: a column
// that is declared JSON has NUMERIC affinity, so SQLite stores the text 123 as an
// INTEGER (https://www.sqlite.org/datatype3.html#type_affinity). A REAL has the
// fewest digits that are read as the same number; an infinite one is a mismatch. So is
// a BLOB, SQLite's binary form of JSON, of which json(column) is the text.
func (r *Row) JSON(i int) json.RawMessage {
	const wants = "JSON as TEXT"
	v := r.at(i)
	switch got := v.Type(); got {
	case sqlite.Text:
		return clone(v.Bytes())
	case sqlite.Integer:
		return strconv.AppendInt(nil, v.Int(), 10)
	case sqlite.Float:
		number, err := json.Marshal(v.Float())
		if err != nil {
			r.mismatch(i, infinite, wants)
		}
		return number
	case sqlite.Blob:
		r.mismatch(i, got.String(), wants+": select json("+r.name(i)+") in its place")
	default:
		r.mismatch(i, got.String(), wants)
	}
	return nil
}

// infinite is what a REAL is of which there is no text in digits.
const infinite = "an infinite REAL"

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
	v := r.at(i)
	if got := v.Type(); got != sqlite.Text {
		r.holds(i, got, sqlite.Text)
		return time.Time{}
	}
	t, ok := parseTime(v.Bytes())
	if !ok {
		r.mismatch(i, "the text "+quote(string(v.Bytes())), "a time such as "+TimeFormat)
	}
	return t
}

// Millis returns an INTEGER as the time that is so many milliseconds after the Unix
// epoch, in UTC. One outside the years 0 to 9999 is a mismatch.
func (r *Row) Millis(i int) time.Time {
	t := time.UnixMilli(r.Int(i)).UTC()
	if checkYear(t) != nil {
		r.mismatch(i, "an INTEGER beyond the years 0 to 9999", "a time in milliseconds since 1970")
		return time.Time{}
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

// NullMillis returns a time as of [Row.Millis], or nil for NULL.
func (r *Row) NullMillis(i int) *time.Time { return unlessNull(r, i, (*Row).Millis) }

// NullBlob returns a BLOB, or nil for NULL.
func (r *Row) NullBlob(i int) []byte {
	if r.IsNull(i) {
		return nil
	}
	return r.Blob(i)
}

// NullBytes returns the bytes of a TEXT or BLOB, or nil for NULL.
func (r *Row) NullBytes(i int) []byte {
	if r.IsNull(i) {
		return nil
	}
	return r.Bytes(i)
}

// NullJSON returns JSON as of [Row.JSON], or nil for NULL.
func (r *Row) NullJSON(i int) json.RawMessage {
	if r.IsNull(i) {
		return nil
	}
	return r.JSON(i)
}

// Null returns what read returns, such as (*Row).Text, or for NULL a value that is not
// valid.
func Null[T any](row *Row, i int, read func(*Row, int) T) sql.Null[T] {
	if row.IsNull(i) {
		return sql.Null[T]{}
	}
	return sql.Null[T]{V: read(row, i), Valid: true}
}

// IsNull reports whether a column holds NULL, as those of a LEFT JOIN without a partner.
func (r *Row) IsNull(i int) bool { return r.at(i).Type() == sqlite.Null }

func unlessNull[T any](r *Row, i int, read func(*Row, int) T) *T {
	if r.IsNull(i) {
		return nil
	}
	v := read(r, i)
	return &v
}

// holds notes that a column is of another class than is wanted.
func (r *Row) holds(i int, got, want sqlite.Type) { r.mismatch(i, got.String(), want.String()) }

func (r *Row) mismatch(i int, holds, wants string) {
	r.fail(&MismatchError{Column: r.name(i), Index: r.first + i, Holds: holds, Wants: wants})
}

// fail keeps the first error, with which the query fails after the scan function.
func (r *Row) fail(err error) {
	if r.err == nil {
		r.err = err
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
