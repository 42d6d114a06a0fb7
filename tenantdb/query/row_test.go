package query_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/tenantdb/query"
)

// readers are the methods of Row that read one class of values, by name.
var readers = map[string]func(*query.Row) any{
	"Int":       func(r *query.Row) any { return r.Int(0) },
	"Float":     func(r *query.Row) any { return r.Float(0) },
	"Text":      func(r *query.Row) any { return r.Text(0) },
	"Blob":      func(r *query.Row) any { return r.Blob(0) },
	"Bool":      func(r *query.Row) any { return r.Bool(0) },
	"Time":      func(r *query.Row) any { return r.Time(0) },
	"NullInt":   func(r *query.Row) any { return pointed(r.NullInt(0)) },
	"NullFloat": func(r *query.Row) any { return pointed(r.NullFloat(0)) },
	"NullText":  func(r *query.Row) any { return pointed(r.NullText(0)) },
	"NullBool":  func(r *query.Row) any { return pointed(r.NullBool(0)) },
	"NullTime":  func(r *query.Row) any { return pointed(r.NullTime(0)) },
	"NullBlob":  func(r *query.Row) any { return r.NullBlob(0) },
}

// pointed is what p points at, or nil.
func pointed[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

func TestAColumnIsReadAsWhatItHoldsOrNotAtAll(t *testing.T) {
	_, b := open(t)
	noon := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	bare := map[string]any{"NullInt": nil, "NullFloat": nil, "NullText": nil, "NullBool": nil, "NullTime": nil, "NullBlob": []byte(nil)}
	for sql, want := range map[string]map[string]any{
		"NULL":                 bare,
		"0":                    {"Int": int64(0), "Float": 0.0, "Bool": false, "NullInt": int64(0), "NullFloat": 0.0, "NullBool": false},
		"1":                    {"Int": int64(1), "Float": 1.0, "Bool": true, "NullInt": int64(1), "NullFloat": 1.0, "NullBool": true},
		"2":                    {"Int": int64(2), "Float": 2.0, "NullInt": int64(2), "NullFloat": 2.0},
		"-1":                   {"Int": int64(-1), "Float": -1.0, "NullInt": int64(-1), "NullFloat": -1.0},
		"-9223372036854775808": {"Int": int64(math.MinInt64), "Float": -0x1p63, "NullInt": int64(math.MinInt64), "NullFloat": -0x1p63},
		"1.0":                  {"Float": 1.0, "NullFloat": 1.0},
		"9e999":                {"Float": math.Inf(1), "NullFloat": math.Inf(1)},
		"''":                   {"Text": "", "NullText": "", "Blob": []byte{}, "NullBlob": []byte{}},
		"'1'":                  {"Text": "1", "NullText": "1", "Blob": []byte("1"), "NullBlob": []byte("1")},
		"'true'":               {"Text": "true", "NullText": "true", "Blob": []byte("true"), "NullBlob": []byte("true")},
		"'2024-02-29 12:00:00.000'": {
			"Text": "2024-02-29 12:00:00.000", "NullText": "2024-02-29 12:00:00.000", "Time": noon, "NullTime": noon,
			"Blob": []byte("2024-02-29 12:00:00.000"), "NullBlob": []byte("2024-02-29 12:00:00.000"),
		},
		"x''":   {"Blob": []byte{}, "NullBlob": []byte{}},
		"x'31'": {"Blob": []byte("1"), "NullBlob": []byte("1")},
	} {
		for name, reader := range readers {
			got, err := query.One(t.Context(), b, read("SELECT "+sql), func(row *query.Row, v *any) { *v = reader(row) })
			wanted, readable := want[name]
			if !readable {
				var mismatch *query.MismatchError
				if !errors.As(err, &mismatch) {
					t.Errorf("%s read as %s is %v, %v; want a MismatchError", sql, name, got, err)
				}
				continue
			}
			if diff := cmp.Diff(wanted, got); err != nil || diff != "" {
				t.Errorf("%s read as %s: %v\n%s", sql, name, err, diff)
			}
		}
	}
}

func TestAMismatchTellsQueryPlaceAndColumn(t *testing.T) {
	_, b := open(t)
	for name, tt := range map[string]struct {
		sql  string
		scan func(*query.Row, *int)
		want query.MismatchError
		text string
	}{
		"null": {"SELECT 1, NULL AS title", func(r *query.Row, _ *int) { r.Int(0); r.Text(1) },
			query.MismatchError{Column: "title", Index: 1, Holds: "NULL", Wants: "TEXT"},
			"query Get (q.sql:3): column title (number 2) holds NULL, the query's Go type wants TEXT"},
		"class": {"SELECT x'00' AS n", func(r *query.Row, _ *int) { r.Int(0) },
			query.MismatchError{Column: "n", Holds: "BLOB", Wants: "INTEGER"},
			"query Get (q.sql:3): column n (number 1) holds BLOB, the query's Go type wants INTEGER"},
		"boolean": {"SELECT 7 AS done", func(r *query.Row, _ *int) { r.Bool(0) },
			query.MismatchError{Column: "done", Holds: "an INTEGER other than 0 and 1", Wants: "a boolean"},
			"query Get (q.sql:3): column done (number 1) holds an INTEGER other than 0 and 1, the query's Go type wants a boolean"},
		"nullable boolean": {"SELECT -1 AS done", func(r *query.Row, _ *int) { r.NullBool(0) },
			query.MismatchError{Column: "done", Holds: "an INTEGER other than 0 and 1", Wants: "a boolean"},
			"query Get (q.sql:3): column done (number 1) holds an INTEGER other than 0 and 1, the query's Go type wants a boolean"},
		"time": {"SELECT 'yesterday' AS at", func(r *query.Row, _ *int) { r.Time(0) },
			query.MismatchError{Column: "at", Holds: `the text "yesterday"`, Wants: "a time such as 2006-01-02 15:04:05.000"},
			`query Get (q.sql:3): column at (number 1) holds the text "yesterday", the query's Go type wants a time such as 2006-01-02 15:04:05.000`},
		"the first of several": {"SELECT NULL AS a, NULL AS b", func(r *query.Row, _ *int) { r.Int(0); r.Int(1) },
			query.MismatchError{Column: "a", Holds: "NULL", Wants: "INTEGER"},
			"query Get (q.sql:3): column a (number 1) holds NULL, the query's Go type wants INTEGER"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := query.One(t.Context(), b, read(tt.sql), tt.scan)
			var of *query.Error
			if !errors.As(err, &of) || of.Query != "Get" || of.Source != "q.sql:3" {
				t.Errorf("got %#v", err)
			}
			var mismatch *query.MismatchError
			if !errors.As(err, &mismatch) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(tt.want, *mismatch); diff != "" {
				t.Error(diff)
			}
			if got := err.Error(); got != tt.text {
				t.Errorf("got  %s\nwant %s", got, tt.text)
			}
		})
	}
}

func TestAMismatchDoesNotSpillWhatATenantStores(t *testing.T) {
	_, b := open(t)
	secret := strings.Repeat("public--", 4) + "secret"
	_, err := query.One(t.Context(), b, read("SELECT ?1"), func(r *query.Row, v *time.Time) { *v = r.Time(0) }, query.Text(secret))
	if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "public--") {
		t.Errorf("got %v", err)
	}
}

func TestAMismatchInALaterRowFailsTheWholeCall(t *testing.T) {
	d, b := open(t, "CREATE TABLE t (a)", "INSERT INTO t VALUES (1), (2), ('three'), (4)")
	scanned := 0
	got, err := query.Many(t.Context(), b, read("SELECT a FROM t"), func(row *query.Row, v *int64) { scanned++; *v = row.Int(0) })
	var mismatch *query.MismatchError
	if !errors.As(err, &mismatch) || got != nil || scanned != 3 {
		t.Errorf("got %v, %v after %d rows", got, err, scanned)
	}
	if len(d.ended) != 1 || d.ended[0] == nil {
		t.Errorf("the session was told %v: a write would be committed", d.ended)
	}
}
