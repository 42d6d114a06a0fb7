package httpapi

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// read decodes the body, which is a JSON value of into's type and nothing else. What is wrong with it, the
// answer says in JSON's words, and in the names that the fields have there.
func read(r *http.Request, into any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		var tooLarge *http.MaxBytesError
		if !errors.As(err, &tooLarge) {
			err = errMore
		}
	}
	return unread(err)
}

// errMore is the error of a body with two values.
var errMore = errors.New("there is more behind the value")

// unread makes the answer of why a body was not decoded.
func unread(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	var (
		value   *json.UnmarshalTypeError
		syntax  *json.SyntaxError
		notTime *time.ParseError
		detail  string
	)
	unknown, isUnknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case errors.As(err, &value) && value.Field == "":
		detail = fmt.Sprintf("The body is to be %s, and is %s.", wanted(value.Type), given(value.Value))
	case errors.As(err, &value):
		detail = fmt.Sprintf("The field %q is to be %s, and is %s.", value.Field, wanted(value.Type), given(value.Value))
	case isUnknown:
		detail = fmt.Sprintf("There is no field %s.", unknown)
	case errors.As(err, &syntax):
		detail = fmt.Sprintf("The body is no JSON: %v, at byte %d.", syntax, syntax.Offset)
	case errors.As(err, &notTime), strings.HasPrefix(err.Error(), "Time.UnmarshalJSON: "):
		detail = "A time is to be written as 2026-03-01T12:00:00Z is."
	case errors.Is(err, io.EOF):
		detail = "The body is empty."
	case errors.Is(err, io.ErrUnexpectedEOF):
		detail = "The body ends within its JSON value."
	case errors.Is(err, errMore):
		detail = "The body has more behind its JSON value."
	default: // of a type that reads its own values, in words of Go
		detail = "The body has a value of another form than is wanted."
	}
	return &tenanthttp.Problem{Status: http.StatusBadRequest, Detail: detail}
}

// wanted is what JSON calls the values of a type.
func wanted(t reflect.Type) string {
	isBytes := t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 // in base64
	if isBytes || reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return "a string"
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Pointer:
		return wanted(t.Elem())
	default:
		return "a whole number"
	}
}

// given says of a value, of which json says what it is, what it is.
func given(value string) string {
	switch kind, literal, _ := strings.Cut(value, " "); {
	case literal != "": // a number that the type does not have
		return literal
	case kind == "bool":
		return "true or false"
	case kind == "array" || kind == "object":
		return "an " + kind
	default:
		return "a " + kind
	}
}
