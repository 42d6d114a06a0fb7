package query_test

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/query"
)

func FuzzDocumentsComeBackAsTheyWereOrAreRefused(f *testing.F) {
	_, b := open(f, "CREATE TABLE d (t TEXT, j JSON)")
	put, get := write("INSERT INTO d VALUES (?1, ?1)"), read("SELECT t, j FROM d")
	for _, text := range []string{"null", "1", " 1 ", "-0", "1e3", "1e400", "-1e400", "12345678901234567890", "0.1", "9007199254740993", `"12"`, `{"a":[1,"x",null]}`, "{", "", "\x00", `"\u0000"`, "\"\xff\""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		defer func() { _ = query.Exec(t.Context(), b, clearDocuments) }()
		err := query.Exec(t.Context(), b, put, query.JSON(json.RawMessage(text)))
		if valid := json.Valid([]byte(text)); valid != (err == nil) {
			t.Fatalf("%q: valid is %t, and it is stored with %v", text, valid, err)
		}
		if err != nil {
			return
		}
		if got, err := query.One(t.Context(), b, get, func(r *query.Row, v *string) { *v = string(r.JSON(0)) }); err != nil || got != text {
			t.Errorf("%q came back from TEXT as %q, %v", text, got, err)
		}
		got, err := query.One(t.Context(), b, get, func(r *query.Row, v *string) { *v = string(r.JSON(1)) })
		var mismatch *query.MismatchError
		if !sameDocument(got, text) && (!errors.As(err, &mismatch) || !math.IsInf(number(text), 0)) {
			t.Errorf("%q came back from JSON as %q, %v", text, got, err)
		}
	})
}

var clearDocuments = write("DELETE FROM d")

// sameDocument reports whether two documents are the same text, or the same number: a
// column of documents has NUMERIC affinity. SQLite may read the last place of a long
// number otherwise than Go does.
func sameDocument(a, b string) bool {
	if a == b {
		return true
	}
	x, y := number(a), number(b)
	return x == y || math.Abs(x-y) <= 4*math.Abs(math.Nextafter(x, y)-x)
}

// number is the number that a document is; what is none is not equal to itself.
func number(text string) float64 {
	text = strings.TrimSpace(text)
	n, err := strconv.ParseFloat(text, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return math.NaN()
	}
	return n
}
