package query

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"time"
	"unsafe"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Value is an argument of a query. It borrows the text or bytes that it was made
// of until the call returns.
type Value struct {
	kind kind
	num  uint64 // an integer, a float's bits, or a time's milliseconds
	text string // or bytes
	err  error  // why the value cannot be stored
}

type kind uint8

const (
	null kind = iota
	integer
	float
	text
	blob
	moment // a time, which is stored as text
	invalid
)

// Int is an INTEGER.
func Int(v int64) Value { return Value{kind: integer, num: uint64(v)} }

// Float is a REAL. SQLite cannot hold NaN: the query fails.
func Float(v float64) Value { return Value{kind: float, num: math.Float64bits(v)} }

// Text is a TEXT.
func Text(v string) Value { return Value{kind: text, text: v} }

// Blob is a BLOB; nil is NULL.
func Blob(v []byte) Value {
	if v == nil {
		return Value{}
	}
	return Value{kind: blob, text: borrowed(v)}
}

// borrowed views bytes as text, which is sound as long as nobody changes them: until the
// call returns they are the query's to read, and the caller's again afterwards. Binding
// copies them, so SQLite has no pointer to them; the text keeps them alive until then.
func borrowed(v []byte) string { return unsafe.String(unsafe.SliceData(v), len(v)) }

// Bytes is a TEXT of the bytes; nil is NULL. It is for columns of text whose Go type is
// []byte: as a [Blob] the bytes would compare with no text, and SQLite's JSON functions
// would take them for its binary form.
func Bytes(v []byte) Value {
	if v == nil {
		return Value{}
	}
	return Text(borrowed(v))
}

// JSON is a TEXT, never a BLOB, which SQLite's JSON functions would take for its binary
// form; nil is NULL. It is stored as it is. The query fails for what is no JSON: one
// such row would fail every query that looks into the column.
func JSON(v json.RawMessage) Value {
	if v != nil && !json.Valid(v) {
		return invalidValue(fmt.Errorf("%s is no JSON", quote(string(v))))
	}
	return Bytes(v)
}

// Bool is the INTEGER 0 or 1.
func Bool(v bool) Value {
	if v {
		return Int(1)
	}
	return Int(0)
}

// Time is a TEXT in [TimeFormat]. The query fails for years outside 0 to 9999.
func Time(v time.Time) Value {
	if err := checkYear(v); err != nil {
		return invalidValue(err)
	}
	return Value{kind: moment, num: uint64(v.UnixMilli())}
}

// Millis is an INTEGER, the milliseconds since the Unix epoch; what is finer is cut
// off. The query fails for years outside 0 to 9999.
func Millis(v time.Time) Value {
	if err := checkYear(v); err != nil {
		return invalidValue(err)
	}
	return Int(v.UnixMilli())
}

// NullInt is an INTEGER, or NULL for nil.
func NullInt(v *int64) Value { return nullable(v, Int) }

// NullFloat is a REAL, or NULL for nil.
func NullFloat(v *float64) Value { return nullable(v, Float) }

// NullText is a TEXT, or NULL for nil.
func NullText(v *string) Value { return nullable(v, Text) }

// NullBool is the INTEGER 0 or 1, or NULL for nil.
func NullBool(v *bool) Value { return nullable(v, Bool) }

// NullTime is a TEXT as of [Time], or NULL for nil.
func NullTime(v *time.Time) Value { return nullable(v, Time) }

// NullMillis is an INTEGER as of [Millis], or NULL for nil.
func NullMillis(v *time.Time) Value { return nullable(v, Millis) }

// OfNull is what of makes of the value, or NULL if v is not valid.
func OfNull[T any](v sql.Null[T], of func(T) Value) Value {
	if !v.Valid {
		return Value{}
	}
	return of(v.V)
}

func nullable[T any](v *T, of func(T) Value) Value {
	if v == nil {
		return Value{}
	}
	return of(*v)
}

// appendTime appends the text of a moment.
func (v Value) appendTime(to []byte) []byte {
	return appendTime(to, time.UnixMilli(int64(v.num)).UTC())
}

// invalidValue is a value that fails the query that it is an argument of.
func invalidValue(err error) Value { return Value{kind: invalid, err: err} }

// bind binds the values to the parameters of stmt, in order.
func bind(stmt *sqlite.Stmt, args []Value) error {
	if want := stmt.ParamCount(); want != len(args) {
		return fmt.Errorf("the statement has %d parameters, the generated code binds %d", want, len(args))
	}
	for i := range args {
		var err error
		switch v := &args[i]; v.kind {
		case null:
			err = stmt.BindNull(i + 1)
		case integer:
			err = stmt.BindInt(i+1, int64(v.num))
		case float:
			err = stmt.BindFloat(i+1, math.Float64frombits(v.num))
		case text:
			err = stmt.BindText(i+1, v.text)
		case blob:
			err = stmt.BindBlob(i+1, v.text)
		case moment:
			var buf [len(TimeFormat)]byte
			err = stmt.BindText(i+1, borrowed(v.appendTime(buf[:0])))
		case invalid:
			err = v.err
		}
		if err != nil {
			return fmt.Errorf("argument %d: %w", i+1, err)
		}
	}
	return nil
}
