package query

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A list is one argument, a JSON array, for IN (SELECT value FROM json_each(?)). An
// empty or nil list is one of nothing: nothing is in it, and everything is NOT IN it.
// A NULL in it is the NULL of SQL, to which nothing is equal and nothing unequal.
// SQLite reads each number of the array back as the very same INTEGER or REAL.

// Ints is a list of INTEGERs for IN (SELECT value FROM json_each(?)); it may be empty.
func Ints(v []int64) Value {
	array := append(make([]byte, 0, 2+perElement*len(v)), '[')
	for i, n := range v {
		if i > 0 {
			array = append(array, ',')
		}
		array = strconv.AppendInt(array, n, 10)
	}
	return Text(string(append(array, ']')))
}

// Floats is a list of REALs for IN (SELECT value FROM json_each(?)); it may be empty.
// The query fails for NaN and the infinities.
func Floats(v []float64) Value { return ListOf(v, Float) }

// Texts is a list of TEXTs for IN (SELECT value FROM json_each(?)); it may be empty. The
// query fails for text that is not UTF-8 or holds a NUL, which JSON and SQLite's
// JSON functions do not carry unchanged.
func Texts(v []string) Value { return ListOf(v, Text) }

// Bools is a list of the INTEGERs 0 and 1 for IN (SELECT value FROM json_each(?)); it
// may be empty.
func Bools(v []bool) Value { return ListOf(v, Bool) }

// Times is a list of TEXTs as of [Time] for IN (SELECT value FROM json_each(?)); it may
// be empty.
func Times(v []time.Time) Value { return ListOf(v, Time) }

// Millises is a list of INTEGERs as of [Millis] for
// IN (SELECT value FROM json_each(?)); it may be empty.
func Millises(v []time.Time) Value { return ListOf(v, Millis) }

// ListOf is a list of what of makes of each element, such as [Arg], for
// IN (SELECT value FROM json_each(?)); it may be empty. A NULL stays one. The query
// fails for what [Floats] and [Texts] refuse, and for a BLOB, for which there is
// [BlobsOf].
func ListOf[T any](v []T, of func(T) Value) Value { return list(v, of, appendElement) }

// Blobs is a list of BLOBs; it may be empty. JSON carries no bytes: the elements are
// hexadecimal digits, for IN (SELECT unhex(value) FROM json_each(?)). A nil element is
// NULL.
func Blobs(v [][]byte) Value { return BlobsOf(v, Blob) }

// BlobsOf is a list of what of makes of each element, such as [Arg], for
// IN (SELECT unhex(value) FROM json_each(?)); it may be empty. A NULL stays one. The
// query fails for what is no BLOB.
func BlobsOf[T any](v []T, of func(T) Value) Value { return list(v, of, appendBlob) }

// perElement is a guess at the bytes of an element, so that few lists have to grow.
const perElement = 16

// list is the JSON array of what element appends of each element's value.
func list[T any](v []T, of func(T) Value, element func([]byte, Value) ([]byte, error)) Value {
	array := append(make([]byte, 0, 2+perElement*len(v)), '[')
	for i := range v {
		if i > 0 {
			array = append(array, ',')
		}
		var err error
		if array, err = element(array, of(v[i])); err != nil {
			return invalidValue(err)
		}
	}
	return Text(string(append(array, ']')))
}

func appendElement(to []byte, v Value) ([]byte, error) {
	switch v.kind {
	case integer:
		return strconv.AppendInt(to, int64(v.num), 10), nil
	case float:
		f := math.Float64frombits(v.num)
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("the list holds %v, which is no number in JSON: leave it out", f)
		}
		// With an exponent, for SQLite would take 1 for an INTEGER.
		return strconv.AppendFloat(to, f, 'e', -1, 64), nil
	case text:
		if !utf8.ValidString(v.text) {
			return nil, fmt.Errorf("the list holds %s, which is not UTF-8", quote(v.text))
		}
		if strings.IndexByte(v.text, 0) >= 0 {
			return nil, fmt.Errorf("the list holds %s, which has a NUL byte", quote(v.text))
		}
		return appendString(to, v.text), nil
	case moment:
		return append(v.appendTime(append(to, '"')), '"'), nil
	case blob:
		return nil, errors.New("the list holds a BLOB, which JSON does not carry: compare hex(column) with a list of hexadecimal texts")
	case invalid:
		return nil, v.err
	}
	return append(to, "null"...), nil
}

func appendBlob(to []byte, v Value) ([]byte, error) {
	switch v.kind {
	case blob:
		return append(hex.AppendEncode(append(to, '"'), []byte(v.text)), '"'), nil
	case invalid:
		return nil, v.err
	case null:
		return append(to, "null"...), nil
	}
	return nil, errors.New("a list for a column of BLOBs holds another kind of value: give its Go type a Value method that returns []byte")
}

// appendString appends the text as a string of JSON. The text is UTF-8 without NUL.
func appendString(to []byte, s string) []byte {
	const digits = "0123456789abcdef"
	to = append(to, '"')
	start := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			to = append(append(to, s[start:i]...), '\\', c)
		case c < ' ':
			to = append(append(to, s[start:i]...), '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		default:
			continue
		}
		start = i + 1
	}
	return append(append(to, s[start:]...), '"')
}
