package query_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb/query"
)

// echo sends one value to SQLite and reads it back.
func echo[T any](t *testing.T, b query.Binding, value query.Value, read1 func(*query.Row, int) T) (T, error) {
	t.Helper()
	return query.One(t.Context(), b, read("SELECT ?1"), func(row *query.Row, v *T) { *v = read1(row, 0) }, value)
}

func TestEachPairOfAWriterAndAReaderKeepsTheValue(t *testing.T) {
	_, b := open(t)
	rapid.Check(t, func(rt *rapid.T) {
		bytes := rapid.SliceOf(rapid.Byte()).Draw(rt, "bytes")
		text := []byte(rapid.String().Filter(utf8.ValidString).Draw(rt, "text"))
		at := anyTime(rt, "at")
		same := func(want, got any, err error) {
			rt.Helper()
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				rt.Fatalf("%v\n%s", err, diff)
			}
		}
		blob, err := echo(t, b, query.Blob(bytes), (*query.Row).NullBlob)
		same(bytes, blob, err)
		got, err := echo(t, b, query.Bytes(text), (*query.Row).Bytes)
		same(text, got, err)
		document, err := json.Marshal(map[string]string{"k": string(text)})
		if err != nil {
			rt.Fatal(err)
		}
		raw, err := echo(t, b, query.JSON(document), (*query.Row).JSON)
		same(json.RawMessage(document), raw, err)
		millis, err := echo(t, b, query.Millis(at), (*query.Row).Millis)
		same(cut(at).UTC(), millis, err)
		maybe, err := echo(t, b, query.NullMillis(&at), (*query.Row).NullMillis)
		want := cut(at).UTC()
		same(&want, maybe, err)
		null := sql.Null[int64]{V: rapid.Int64().Draw(rt, "n"), Valid: rapid.Bool().Draw(rt, "valid")}
		if !null.Valid {
			null.V = 0
		}
		back, err := echo(t, b, query.OfNull(null, query.Int), func(row *query.Row, i int) sql.Null[int64] {
			return query.Null(row, i, (*query.Row).Int)
		})
		same(null, back, err)
	})
}

func TestNilIsNullForBytesJSONAndTimes(t *testing.T) {
	_, b := open(t)
	if got, err := echo(t, b, query.Bytes(nil), (*query.Row).NullBytes); err != nil || got != nil {
		t.Errorf("Bytes: %v, %v", got, err)
	}
	if got, err := echo(t, b, query.JSON(nil), (*query.Row).NullJSON); err != nil || got != nil {
		t.Errorf("JSON: %v, %v", got, err)
	}
	if got, err := echo(t, b, query.NullMillis(nil), (*query.Row).NullMillis); err != nil || got != nil {
		t.Errorf("NullMillis: %v, %v", got, err)
	}
}

func TestBytesAndJSONAreStoredAsText(t *testing.T) {
	_, b := open(t)
	for name, value := range map[string]query.Value{"Bytes": query.Bytes([]byte{}), "JSON": query.JSON(json.RawMessage(`{"a":1}`))} {
		class, err := query.One(t.Context(), b, read("SELECT typeof(?1)"), scanText, value)
		if err != nil || class != "text" {
			t.Errorf("%s is stored as %s, %v", name, class, err)
		}
	}
	n, err := query.One(t.Context(), b, read("SELECT ?1 ->> 'a'"), scanInt, query.JSON(json.RawMessage(`{"a":1}`)))
	if err != nil || n != 1 {
		t.Errorf("SQLite reads the JSON as %d, %v", n, err)
	}
}

func TestAColumnDeclaredJSONIsReadAsTheJSONThatWasWritten(t *testing.T) {
	_, b := open(t, "CREATE TABLE t (j JSON)")
	for text, want := range map[string]string{
		`123`: `123`, `-9223372036854775808`: `-9223372036854775808`, `1.5`: `1.5`, `1.0`: `1`, `1e300`: `1e+300`, `0.0000001`: `1e-7`,
		`"123"`: `"123"`, `null`: `null`, `[1, 2]`: `[1, 2]`, `true`: `true`,
	} {
		if err := query.Exec(t.Context(), b, write("INSERT INTO t VALUES (?1)"), query.JSON(json.RawMessage(text))); err != nil {
			t.Fatal(err)
		}
		got, err := query.One(t.Context(), b, write("DELETE FROM t RETURNING j"), func(r *query.Row, v *json.RawMessage) { *v = r.JSON(0) })
		if err != nil || string(got) != want || !json.Valid(got) {
			t.Errorf("%s is read as %s, %v", text, got, err)
		}
	}
}

func TestWhatIsNoJSONTextBytesOrTimeIsAMismatch(t *testing.T) {
	_, b := open(t)
	readers := map[string]func(*query.Row){
		"JSON": func(r *query.Row) { r.NullJSON(0) }, "Bytes": func(r *query.Row) { r.NullBytes(0) }, "Millis": func(r *query.Row) { r.NullMillis(0) },
		"required JSON": func(r *query.Row) { r.JSON(0) }, "required Bytes": func(r *query.Row) { r.Bytes(0) }, "required Millis": func(r *query.Row) { r.Millis(0) },
	}
	for _, tt := range []struct{ reader, sql, holds, wants string }{
		{"JSON", "x'00'", "BLOB", "JSON as TEXT: select json(c) in its place"},
		{"JSON", "9e999", "an infinite REAL", "JSON as TEXT"},
		{"required JSON", "NULL", "NULL", "JSON as TEXT"},
		{"Bytes", "1", "INTEGER", "TEXT or BLOB"},
		{"Bytes", "1.5", "REAL", "TEXT or BLOB"},
		{"required Bytes", "NULL", "NULL", "TEXT or BLOB"},
		{"Millis", "253402300800000", "an INTEGER beyond the years 0 to 9999", "a time in milliseconds since 1970"},
		{"Millis", "-62167219200001", "an INTEGER beyond the years 0 to 9999", "a time in milliseconds since 1970"},
		{"Millis", "9223372036854775807", "an INTEGER beyond the years 0 to 9999", "a time in milliseconds since 1970"},
		{"Millis", "'2024-02-29'", "TEXT", "INTEGER"},
		{"required Millis", "NULL", "NULL", "INTEGER"},
	} {
		_, err := query.One(t.Context(), b, read("SELECT "+tt.sql+" AS c"), func(r *query.Row, _ *int) { readers[tt.reader](r) })
		var mismatch *query.MismatchError
		if !errors.As(err, &mismatch) {
			t.Errorf("%s of %s: %v", tt.reader, tt.sql, err)
			continue
		}
		if diff := cmp.Diff(query.MismatchError{Column: "c", Holds: tt.holds, Wants: tt.wants}, *mismatch); diff != "" {
			t.Errorf("%s of %s:\n%s", tt.reader, tt.sql, diff)
		}
	}
}

func TestMillisOfTheFirstAndTheLastYearAreReadAndOthersRefused(t *testing.T) {
	_, b := open(t)
	for _, at := range []time.Time{time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC)} {
		if got, err := echo(t, b, query.Millis(at), (*query.Row).Millis); err != nil || !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("%v came back as %v, %v", at, got, err)
		}
	}
	for _, at := range []time.Time{time.Date(-1, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(math.MaxInt64/1000, 0)} {
		if _, err := echo(t, b, query.Millis(at), (*query.Row).Millis); err == nil || !strings.Contains(err.Error(), "argument 1: the year ") {
			t.Errorf("%v: %v", at, err)
		}
	}
}

func TestIsNullTellsNullFromEmpty(t *testing.T) {
	_, b := open(t)
	for text, want := range map[string]bool{"NULL": true, "''": false, "x''": false, "0": false} {
		got, err := query.One(t.Context(), b, read("SELECT "+text), func(r *query.Row, v *bool) { *v = r.IsNull(0) })
		if err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}
