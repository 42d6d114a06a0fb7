package query

import (
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"time"
)

// Arg is a value of a type that the author chose, and that only the running program
// knows. The first of these that T is decides:
//
//   - a [driver.Valuer]: what its Value returns. A nil pointer whose Value method is of
//     the type that it points to is NULL, as with database/sql.
//   - a pointer: NULL for nil, else what Arg makes of what it points at.
//   - [time.Time] and [json.RawMessage]: as of [Time] and [JSON].
//   - an integer, float, boolean or string type, or one of bytes: an INTEGER, REAL, the
//     INTEGER 0 or 1, a TEXT, a BLOB. Bytes that are nil are NULL. The query fails for a
//     uint64 that no INTEGER holds, and for NaN.
//   - an [encoding.TextMarshaler]: a TEXT.
//
// Otherwise the query fails with a [TypeError]; with a [ConversionError] when a method
// of T does. An any is as what is in it, and NULL for nil.
func Arg[T any](v T) Value { return argument(v) }

func argument(v any) Value {
	switch v := v.(type) {
	case nil:
		return Value{}
	case driver.Valuer:
		return valuer(v)
	case string:
		return Text(v)
	case int64:
		return Int(v)
	case float64:
		return Float(v)
	case bool:
		return Bool(v)
	case []byte:
		return Blob(v)
	case time.Time:
		return Time(v)
	case json.RawMessage:
		return JSON(v)
	}
	return argumentOfKind(reflect.ValueOf(v))
}

// argumentOfKind makes the value by the kind of its type.
func argumentOfKind(v reflect.Value) Value {
	of := v.Type()
	switch of.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return Value{}
		}
		return argument(v.Elem().Interface())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return Int(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.Uint() > math.MaxInt64 {
			return invalidValue(fmt.Errorf("%d is larger than any INTEGER: store it as text", v.Uint()))
		}
		return Int(int64(v.Uint()))
	case reflect.Float32, reflect.Float64:
		return Float(v.Float())
	case reflect.Bool:
		return Bool(v.Bool())
	case reflect.String:
		return Text(v.String())
	case reflect.Slice:
		if of.Elem().Kind() == reflect.Uint8 {
			return Blob(v.Bytes())
		}
	}
	return byMethod(v)
}

// byMethod makes the value of a type that has no kind of SQLite's. Where database/sql
// gives up, methods of its pointer are called too.
func byMethod(v reflect.Value) Value {
	addressable := reflect.New(v.Type())
	addressable.Elem().Set(v)
	switch method := addressable.Interface().(type) {
	case driver.Valuer:
		return valuer(method)
	case encoding.TextMarshaler:
		text, err := method.MarshalText()
		if err != nil {
			return invalidValue(&ConversionError{Type: v.Type().String(), Method: "MarshalText", Err: err})
		}
		return Text(string(text))
	}
	return invalidValue(&TypeError{Type: v.Type().String()})
}

// valuer makes the value that a Value method returns.
func valuer(v driver.Valuer) Value {
	of := reflect.TypeOf(v)
	if of.Kind() == reflect.Pointer && reflect.ValueOf(v).IsNil() && of.Elem().Implements(reflect.TypeFor[driver.Valuer]()) {
		return Value{} // the method would be called on what nil points at
	}
	got, err := v.Value()
	if err == nil {
		switch got := got.(type) {
		case nil:
			return Value{}
		case int64:
			return Int(got)
		case float64:
			return Float(got)
		case bool:
			return Bool(got)
		case []byte:
			return Blob(got)
		case string:
			return Text(got)
		case time.Time:
			return Time(got)
		}
		err = fmt.Errorf("it returned a %T: return int64, float64, bool, []byte, string, time.Time or nil", got)
	}
	return invalidValue(&ConversionError{Type: of.String(), Method: "Value", Err: err})
}
