package query_test

import (
	"database/sql/driver"
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

// elements reads a list back, each element as its class and quoted.
func elements(t *testing.T, b query.Binding, list query.Value) ([]string, error) {
	t.Helper()
	return query.Many(t.Context(), b, read("SELECT typeof(value) || ' ' || quote(value) FROM json_each(?1) ORDER BY key"), scanText, list)
}

func TestTheElementsOfAListKeepTheirClass(t *testing.T) {
	_, b := open(t)
	at, word := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC), "word"
	for name, tt := range map[string]struct {
		list query.Value
		want []string
	}{
		"Floats":    {query.Floats([]float64{1, 0.5, -1e300}), []string{"real 1.0", "real 0.5", "real -1.0e+300"}},
		"Bools":     {query.Bools([]bool{true, false}), []string{"integer 1", "integer 0"}},
		"Times":     {query.Times([]time.Time{at}), []string{"text '2024-02-29 12:00:00.000'"}},
		"Millises":  {query.Millises([]time.Time{at}), []string{"integer 1709208000000"}},
		"pointers":  {query.ListOf([]*string{&word, nil}, query.Arg), []string{"text 'word'", "null NULL"}},
		"any":       {query.ListOf([]any{1, "1", 1.0, nil, true}, query.Arg), []string{"integer 1", "text '1'", "real 1.0", "null NULL", "integer 1"}},
		"no Floats": {query.Floats(nil), nil},
		"no Ints":   {query.Ints(nil), nil},
		"no Bools":  {query.Bools([]bool{}), nil},
	} {
		got, err := elements(t, b, tt.list)
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func TestFloatsAndBlobsReachSQLiteAsTheyAre(t *testing.T) {
	_, b := open(t)
	values, blobs := read("SELECT value FROM json_each(?1) ORDER BY key"), read("SELECT unhex(value) FROM json_each(?1) ORDER BY key")
	rapid.Check(t, func(rt *rapid.T) {
		floats := rapid.SliceOf(rapid.Float64().Filter(func(f float64) bool { return !math.IsInf(f, 0) && !math.IsNaN(f) })).Draw(rt, "floats")
		floats = append(floats, 0.1, 1<<53, math.MaxFloat64, math.SmallestNonzeroFloat64)
		got, err := query.Many(t.Context(), b, values, func(r *query.Row, v *float64) { *v = r.Float(0) }, query.Floats(floats))
		if diff := cmp.Diff(floats, got); err != nil || diff != "" {
			rt.Fatalf("%v\n%s", err, diff)
		}
		many := append(rapid.SliceOf(rapid.SliceOf(rapid.Byte())).Draw(rt, "blobs"), nil, []byte{})
		back, err := query.Many(t.Context(), b, blobs, func(r *query.Row, v *[]byte) { *v = r.NullBlob(0) }, query.Blobs(many))
		if diff := cmp.Diff(many, back); err != nil || diff != "" {
			rt.Fatalf("%v\n%s", err, diff)
		}
	})
}

func TestAListIsJSONWhateverItsTextsHold(t *testing.T) {
	_, b := open(t)
	list := query.Texts([]string{"\x01\x1f\t\n\"\\\x7f\u2028"})
	if valid, err := query.One(t.Context(), b, read("SELECT json_valid(?1, 1)"), scanInt, list); err != nil || valid != 1 {
		t.Errorf("%d, %v", valid, err)
	}
}

func TestAnEmptyListOfAnyKindIsInNothing(t *testing.T) {
	_, b := open(t)
	for name, list := range map[string]query.Value{
		"Floats": query.Floats(nil), "Bools": query.Bools(nil), "Times": query.Times(nil), "Millises": query.Millises(nil),
		"Blobs": query.Blobs(nil), "ListOf": query.ListOf[any](nil, query.Arg), "BlobsOf": query.BlobsOf([]any{}, query.Arg),
	} {
		for _, value := range []string{"value", "unhex(value)"} {
			sql := read("SELECT (1 NOT IN (SELECT " + value + " FROM json_each(?1))) - (1 IN (SELECT " + value + " FROM json_each(?1)))")
			if got, err := query.One(t.Context(), b, sql, scanInt, list); err != nil || got != 1 {
				t.Errorf("%s, %s: %d, %v", name, value, got, err)
			}
		}
	}
}

func TestANullInAListIsEqualToNothing(t *testing.T) {
	_, b := open(t)
	sql := read("SELECT (1 IN (SELECT value FROM json_each(?1))) IS NULL AND (1 NOT IN (SELECT value FROM json_each(?1))) IS NULL")
	if got, err := query.One(t.Context(), b, sql, scanInt, query.ListOf([]any{nil, 2}, query.Arg)); err != nil || got != 1 {
		t.Errorf("%d, %v", got, err)
	}
}

func TestListsOfWhatJSONDoesNotCarryAreRefused(t *testing.T) {
	_, b := open(t)
	for _, tt := range []struct {
		list query.Value
		want string
	}{
		{query.Floats([]float64{1, math.NaN()}), "argument 1: the list holds NaN, which is no number in JSON"},
		{query.Floats([]float64{math.Inf(-1)}), "argument 1: the list holds -Inf, which is no number in JSON"},
		{query.ListOf([][]byte{{1}}, query.Arg), "argument 1: the list holds a BLOB"},
		{query.ListOf([]string{"\xff"}, query.Arg), `argument 1: the list holds "\xff", which is not UTF-8`},
		{query.BlobsOf([]string{"a"}, query.Arg), "argument 1: a list for a column of BLOBs holds another kind"},
		{query.Times([]time.Time{time.Unix(1<<50, 0)}), "argument 1: the year "},
		{query.Millises([]time.Time{time.Unix(1<<50, 0)}), "argument 1: the year "},
		{query.BlobsOf([]any{struct{}{}}, query.Arg), "argument 1: type struct {} neither is"},
	} {
		if _, err := elements(t, b, tt.list); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}

// failing is a Valuer that fails.
type failing struct{ err error }

func (f failing) Value() (driver.Value, error) { return nil, f.err }

func TestAnElementThatFailsFailsTheList(t *testing.T) {
	_, b := open(t)
	cause := errors.New("said by the element")
	if _, err := elements(t, b, query.ListOf([]failing{{cause}}, query.Arg)); !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

func FuzzTextsOfAList(f *testing.F) {
	f.Add("</script>&\u2028\"\\\n\t\x1f\x7f😀")
	_, b := open(f)
	sql := read("SELECT value FROM json_each(?1)")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := query.One(t.Context(), b, sql, scanText, query.Texts([]string{text}))
		if carried := utf8.ValidString(text) && !strings.Contains(text, "\x00"); carried != (err == nil) || carried && got != text {
			t.Errorf("%q came back as %q, %v", text, got, err)
		}
	})
}
