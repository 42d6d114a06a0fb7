package query

import (
	"database/sql"
	"encoding"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Get returns a column as a type that the author chose, and that only the running
// program knows. The first of these that T is decides:
//
//   - a [sql.Scanner]: its Scan is given an int64, float64, string (TEXT), []byte
//     (BLOB, a copy) or nil. A TEXT that Scan refuses and [Row.Time] reads, it is given
//     as a [time.Time] too, as other drivers do for columns of times.
//   - a pointer: nil for NULL, else to what Get returns of the type it points to.
//   - [time.Time] and [json.RawMessage]: as of [Row.Time] and [Row.NullJSON].
//   - any: the values that a Scanner is given.
//   - an integer type: an INTEGER within its range.
//   - a float type: as of [Row.Float]; a float32 is rounded, one too large a mismatch.
//   - a boolean type: as of [Row.Bool].
//   - a string type: a TEXT, or the number of an INTEGER or a finite REAL in digits. A
//     column that is declared NUMERIC or DECIMAL makes those of texts.
//   - a type of bytes: a BLOB or TEXT, nil for NULL.
//   - an [encoding.TextUnmarshaler]: its UnmarshalText is given a TEXT.
//
// Otherwise the query fails with a [TypeError]; with a [MismatchError] for a value that
// T does not hold, such as NULL; with a [ConversionError] when a method of T does.
func Get[T any](row *Row, i int) T {
	var v T
	row.into(i, &v)
	return v
}

// into sets what dest points at to column i.
func (r *Row) into(i int, dest any) {
	switch dest := dest.(type) {
	case sql.Scanner:
		r.scan(i, dest)
	case *string:
		*dest = r.digitsOrText(i)
	case *int64:
		*dest = r.Int(i)
	case *float64:
		*dest = r.Float(i)
	case *bool:
		*dest = r.Bool(i)
	case *[]byte:
		*dest = r.NullBytes(i)
	case *time.Time:
		*dest = r.Time(i)
	case *json.RawMessage:
		*dest = r.NullJSON(i)
	case *any:
		*dest = r.value(i)
	default:
		r.intoKind(i, reflect.ValueOf(dest).Elem())
	}
}

// intoKind sets dest by the kind of its type.
func (r *Row) intoKind(i int, dest reflect.Value) {
	of := dest.Type()
	switch of.Kind() {
	case reflect.Pointer:
		if !r.IsNull(i) {
			to := reflect.New(of.Elem())
			r.into(i, to.Interface())
			dest.Set(to.Convert(of)) // the pointer type may have a name
		}
		return
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n := r.Int(i)
		if dest.OverflowInt(n) {
			r.mismatch(i, "an INTEGER out of range", of.String())
			return
		}
		dest.SetInt(n)
		return
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n := r.Int(i)
		if n < 0 || dest.OverflowUint(uint64(n)) {
			r.mismatch(i, "an INTEGER out of range", of.String())
			return
		}
		dest.SetUint(uint64(n))
		return
	case reflect.Float32, reflect.Float64:
		f := r.Float(i)
		// Not OverflowFloat, which refuses what rounds down to the largest float32.
		if of.Kind() == reflect.Float32 && math.IsInf(float64(float32(f)), 0) && !math.IsInf(f, 0) {
			r.mismatch(i, "a REAL out of range", of.String())
			return
		}
		dest.SetFloat(f)
		return
	case reflect.Bool:
		dest.SetBool(r.Bool(i))
		return
	case reflect.String:
		dest.SetString(r.digitsOrText(i))
		return
	case reflect.Slice:
		if of.Elem().Kind() == reflect.Uint8 {
			dest.SetBytes(r.NullBytes(i))
			return
		}
	}
	unmarshaler, ok := dest.Addr().Interface().(encoding.TextUnmarshaler)
	if !ok {
		r.fail(&TypeError{Type: of.String(), Column: r.name(i)})
		return
	}
	v := r.at(i)
	if got := v.Type(); got != sqlite.Text {
		r.holds(i, got, sqlite.Text)
		return
	}
	if err := unmarshaler.UnmarshalText(clone(v.Bytes())); err != nil {
		r.fail(&ConversionError{Type: of.String(), Method: "UnmarshalText", Column: r.name(i), Err: err})
	}
}

// scan has dest take the column.
func (r *Row) scan(i int, dest sql.Scanner) {
	v := r.value(i)
	err := dest.Scan(v)
	if text, ok := v.(string); ok && err != nil {
		if t, ok := parseTime([]byte(text)); ok && dest.Scan(t) == nil {
			return
		}
	}
	if err != nil {
		of := reflect.TypeOf(dest).Elem().String()
		r.fail(&ConversionError{Type: of, Method: "Scan", Column: r.name(i), Err: err})
	}
}

// value returns what the column holds as the Go type of its class.
func (r *Row) value(i int) any {
	v := r.at(i)
	switch v.Type() {
	case sqlite.Integer:
		return v.Int()
	case sqlite.Float:
		return v.Float()
	case sqlite.Text:
		return r.text.copy(v.Bytes())
	case sqlite.Blob:
		return clone(v.Bytes())
	}
	return nil
}

// digitsOrText returns a TEXT, or a number in digits, the fewest that are read as the
// same one.
func (r *Row) digitsOrText(i int) string {
	v := r.at(i)
	switch v.Type() {
	case sqlite.Integer:
		return strconv.FormatInt(v.Int(), 10)
	case sqlite.Float:
		f := v.Float()
		if math.IsInf(f, 0) {
			r.mismatch(i, infinite, "TEXT or a number")
			return ""
		}
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return r.Text(i)
}
