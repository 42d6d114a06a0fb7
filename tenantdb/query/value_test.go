package query_test

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb/query"
)

func TestArgumentsAreStoredAsTheirClass(t *testing.T) {
	_, b := open(t)
	i, f, s, yes, no, at := int64(-7), 0.5, "text", true, false, time.Date(2024, 2, 29, 12, 0, 0, 7_999_999, time.FixedZone("", 7200))
	for name, tt := range map[string]struct {
		value query.Value
		want  string
	}{
		"Int":            {query.Int(math.MinInt64), "integer -9223372036854775808"},
		"Float":          {query.Float(1), "real 1.0"},
		"Inf":            {query.Float(math.Inf(-1)), "real -Inf"},
		"Text":           {query.Text("a'b"), "text 'a''b'"},
		"empty Text":     {query.Text(""), "text ''"},
		"Blob":           {query.Blob([]byte{0, 255}), "blob X'00FF'"},
		"empty Blob":     {query.Blob([]byte{}), "blob X''"},
		"nil Blob":       {query.Blob(nil), "null NULL"},
		"true":           {query.Bool(true), "integer 1"},
		"false":          {query.Bool(false), "integer 0"},
		"Time":           {query.Time(at), "text '2024-02-29 10:00:00.007'"},
		"zero Value":     {query.Value{}, "null NULL"},
		"NullInt":        {query.NullInt(&i), "integer -7"},
		"nil NullInt":    {query.NullInt(nil), "null NULL"},
		"NullFloat":      {query.NullFloat(&f), "real 0.5"},
		"nil NullFloat":  {query.NullFloat(nil), "null NULL"},
		"NullText":       {query.NullText(&s), "text 'text'"},
		"nil NullText":   {query.NullText(nil), "null NULL"},
		"NullBool":       {query.NullBool(&yes), "integer 1"},
		"false NullBool": {query.NullBool(&no), "integer 0"},
		"nil NullBool":   {query.NullBool(nil), "null NULL"},
		"NullTime":       {query.NullTime(&at), "text '2024-02-29 10:00:00.007'"},
		"nil NullTime":   {query.NullTime(nil), "null NULL"},
	} {
		sql := read("SELECT typeof(?1) || ' ' || CASE WHEN ?1 = -9e999 THEN '-Inf' ELSE quote(?1) END")
		if got, err := query.One(t.Context(), b, sql, scanText, tt.value); err != nil || got != tt.want {
			t.Errorf("%s is stored as %q, %v; want %q", name, got, err, tt.want)
		}
	}
}

func TestNaNFailsTheQuery(t *testing.T) {
	_, b := open(t)
	nan := math.NaN()
	for _, value := range []query.Value{query.Float(nan), query.NullFloat(&nan)} {
		err := query.Exec(t.Context(), b, write("SELECT 1, ?2, ?1"), query.Int(1), value)
		if err == nil || !strings.Contains(err.Error(), "argument 2: SQLite cannot hold NaN") {
			t.Errorf("got %v", err)
		}
	}
}

func TestListsAreInAndNotIn(t *testing.T) {
	_, b := open(t, "CREATE TABLE t (i INTEGER, s TEXT)", "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')")
	for name, tt := range map[string]struct {
		column    string
		list      query.Value
		in, notIn []int64
	}{
		"ints":             {"i", query.Ints([]int64{3, 1, 1, 9}), []int64{1, 3}, []int64{2}},
		"empty ints":       {"i", query.Ints([]int64{}), nil, []int64{1, 2, 3}},
		"nil ints":         {"i", query.Ints(nil), nil, []int64{1, 2, 3}},
		"texts":            {"s", query.Texts([]string{"c", "x"}), []int64{3}, []int64{1, 2}},
		"empty texts":      {"s", query.Texts([]string{}), nil, []int64{1, 2, 3}},
		"nil texts":        {"s", query.Texts(nil), nil, []int64{1, 2, 3}},
		"numbers in texts": {"i", query.Texts([]string{"1"}), nil, []int64{1, 2, 3}},
	} {
		for operator, want := range map[string][]int64{"IN": tt.in, "NOT IN": tt.notIn} {
			sql := read("SELECT i FROM t WHERE +" + tt.column + " " + operator + " (SELECT value FROM json_each(?1)) ORDER BY i")
			if got, err := query.Many(t.Context(), b, sql, scanInt, tt.list); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s, %s: %v, %v; want %v", name, operator, got, err, want)
			}
		}
	}
}

func TestListsReachSQLiteAsTheyAre(t *testing.T) {
	_, b := open(t)
	elements := read("SELECT value FROM json_each(?1) ORDER BY key")
	rapid.Check(t, func(rt *rapid.T) {
		ints := rapid.SliceOf(rapid.Int64()).Draw(rt, "ints")
		if got, err := query.Many(t.Context(), b, elements, scanInt, query.Ints(ints)); err != nil || !slices.Equal(got, ints) {
			rt.Fatalf("%v came back as %v, %v", ints, got, err)
		}
		texts := rapid.SliceOf(rapid.String().Filter(func(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") })).Draw(rt, "texts")
		texts = append(texts, "</script>&\u2028\"\\\n\t", "😀", "\ufffd")
		if got, err := query.Many(t.Context(), b, elements, scanText, query.Texts(texts)); err != nil || !slices.Equal(got, texts) {
			rt.Fatalf("%q came back as %q, %v", texts, got, err)
		}
	})
	extremes := []int64{math.MinInt64, math.MaxInt64, 1 << 53, 1<<53 + 1}
	if got, err := query.Many(t.Context(), b, elements, scanInt, query.Ints(extremes)); err != nil || !slices.Equal(got, extremes) {
		t.Errorf("%v came back as %v, %v", extremes, got, err)
	}
}

func TestListsOfTextThatJSONDoesNotCarryAreRefused(t *testing.T) {
	_, b := open(t)
	for text, want := range map[string]string{"a\xff": `argument 1: the list holds "a\xff", which is not UTF-8`, "a\x00b": `argument 1: the list holds "a\x00b", which has a NUL byte`} {
		_, err := query.Many(t.Context(), b, read("SELECT value FROM json_each(?1)"), scanText, query.Texts([]string{"fine", text}))
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestArgumentsAreAsManyAsParameters(t *testing.T) {
	_, b := open(t)
	for _, tt := range []struct {
		sql  string
		args int
		want string
	}{
		{"SELECT 1", 1, "query Put (q.sql:7): the statement has 0 parameters, the generated code binds 1"},
		{"SELECT ?1", 0, "query Put (q.sql:7): the statement has 1 parameters, the generated code binds 0"},
		{"SELECT ?1, ?1", 2, "query Put (q.sql:7): the statement has 1 parameters, the generated code binds 2"},
		{"SELECT ?3", 1, "query Put (q.sql:7): the statement has 3 parameters, the generated code binds 1"},
		{"SELECT ?3", 3, ""},
	} {
		err := query.Exec(t.Context(), b, write(tt.sql), make([]query.Value, tt.args)...)
		if (err == nil) != (tt.want == "") || err != nil && err.Error() != tt.want {
			t.Errorf("%s: got %v, want %q", tt.sql, err, tt.want)
		}
	}
}

func TestOneStatementTakesValuesThatGrowAndShrinkFromCallToCall(t *testing.T) {
	_, b := open(t)
	echo := read("SELECT ?1, ?2")
	for _, n := range []int{0, 100_000, 3, 16384, 16385, 0, 20_000, 1} {
		s, blob := strings.Repeat("x", n), bytes.Repeat([]byte{0xff}, n)
		_, err := query.One(t.Context(), b, echo, func(row *query.Row, v *int) {
			if row.Text(0) != s || !bytes.Equal(row.Blob(1), blob) {
				t.Errorf("%d bytes did not come back as they were", n)
			}
		}, query.Text(s), query.Blob(blob))
		if err != nil {
			t.Error(errors.Unwrap(err))
		}
	}
}
