package query_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	_ "modernc.org/sqlite" // the public driver, which is the oracle

	"github.com/silokit/silo/tenantdb/query"
)

// affinities has a column of each affinity (https://www.sqlite.org/datatype3.html), and
// one that is declared as documents are.
const (
	affinities    = "CREATE TABLE v (t TEXT, n NUMERIC, i INTEGER, r REAL, b BLOB, j JSON)"
	putAffinities = "INSERT INTO v VALUES (?1, ?1, ?1, ?1, ?1, ?1)"
	getAffinities = "SELECT t, n, i, r, b, j FROM v"
	likeAsked     = "SELECT typeof(t), typeof(n), typeof(i), typeof(r), typeof(b), typeof(j) FROM v"
	columnCount   = 6
)

// sides are a database by each way: ours, and the public driver.
type sides struct {
	ours   query.Binding
	theirs *sql.DB
}

func openSides(f testing.TB, encoding string) sides {
	setup := []string{"PRAGMA encoding='" + encoding + "'", affinities}
	_, b := open(f, setup...)
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	for _, text := range setup {
		if _, err := db.ExecContext(context.Background(), text); err != nil {
			f.Fatal(err)
		}
	}
	return sides{b, db}
}

var (
	putAll   = write(putAffinities)
	getAll   = read(getAffinities)
	typesAll = read(likeAsked)
	clearAll = write("DELETE FROM v")
)

type six [columnCount]any

func scanSix(row *query.Row, v *six) {
	for i := range v {
		v[i] = query.Get[any](row, i)
	}
}

// through stores a value by our side and returns what the columns hold.
func (s sides) through(t *testing.T, value query.Value) (got, types six) {
	t.Helper()
	err := query.Exec(t.Context(), s.ours, putAll, value)
	if err == nil {
		got, err = query.One(t.Context(), s.ours, getAll, scanSix)
	}
	if err == nil {
		types, err = query.One(t.Context(), s.ours, typesAll, scanSix)
	}
	if err := errors.Join(err, query.Exec(t.Context(), s.ours, clearAll)); err != nil {
		t.Fatal(err)
	}
	return got, types
}

// byDriver stores a value by the public driver and returns what the columns hold.
func (s sides) byDriver(t *testing.T, value any) (want six) {
	t.Helper()
	_, err := s.theirs.ExecContext(t.Context(), putAffinities, value)
	if err == nil {
		err = s.theirs.QueryRowContext(t.Context(), getAffinities).Scan(&want[0], &want[1], &want[2], &want[3], &want[4], &want[5])
	}
	if err == nil {
		_, err = s.theirs.ExecContext(t.Context(), "DELETE FROM v")
	}
	if err != nil {
		t.Fatal(err)
	}
	return want
}

// equal compares values of SQLite. The driver returns an empty BLOB as nil.
func equal(got, want any) bool {
	switch got := got.(type) {
	case []byte:
		other, ok := want.([]byte)
		return ok && bytes.Equal(got, other) || want == nil && len(got) == 0
	case float64:
		other, ok := want.(float64)
		return ok && math.Float64bits(got) == math.Float64bits(other)
	}
	return got == want
}

var classes = map[string]func(any) bool{
	"integer": func(v any) bool { _, ok := v.(int64); return ok },
	"real":    func(v any) bool { _, ok := v.(float64); return ok },
	"text":    func(v any) bool { _, ok := v.(string); return ok },
	"blob":    func(v any) bool { b, ok := v.([]byte); return ok && b != nil },
	"null":    func(v any) bool { return v == nil },
}

// FuzzValuesAreStoredAndReadAsByThePublicDriver holds what each column then holds against
// the driver's word, and the columns that convert nothing against the value itself.
func FuzzValuesAreStoredAndReadAsByThePublicDriver(f *testing.F) {
	encodings := map[bool]sides{false: openSides(f, "UTF-8"), true: openSides(f, "UTF-16")}
	for _, wide := range []bool{false, true} {
		for _, s := range []string{
			"", "x", "12", " 12 ", "-0", "0x10", "1e3", "1e400", "9223372036854775807", "9223372036854775808", "1.0", "+5.", ".5e-7",
			"12\x00", "\x00", "a\x00b", "\xff", "\xc3(", "\xed\xa0\x80", "é😀\u2028", "inf", "nan", "{}", `{"a":1}`,
		} {
			f.Add(wide, uint8(2), int64(0), 0.0, s, uint32(1))
			f.Add(wide, uint8(3), int64(0), 0.0, s, uint32(1))
		}
		for _, n := range []uint32{0, 1, 31, 33, 512, 513, 4096, 16384, 16385, 1_000_000} {
			f.Add(wide, uint8(2), int64(0), 0.0, "7", n)
			f.Add(wide, uint8(3), int64(0), 0.0, "\xff", n)
			f.Add(wide, uint8(2), int64(0), 0.0, "é", n)
		}
		for _, n := range []int64{0, 1, -1, math.MaxInt64, math.MinInt64, 1 << 53, 1<<53 + 1, -1 << 53} {
			f.Add(wide, uint8(0), n, 0.0, "", uint32(0))
		}
		for _, n := range []float64{0, math.Copysign(0, -1), 1, 1 << 53, 1 << 63, -1 << 63, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.NaN()} {
			f.Add(wide, uint8(1), int64(0), n, "", uint32(0))
		}
	}
	f.Fuzz(func(t *testing.T, wide bool, kind uint8, n int64, x float64, s string, times uint32) {
		if len(s) > 0 {
			s = strings.Repeat(s, int(min(times, 1_000_000/uint32(len(s))+1)))
		}
		var ours query.Value
		var theirs any
		switch kind % 5 {
		case 0:
			ours, theirs = query.Int(n), n
		case 1:
			ours, theirs = query.Float(x), x
		case 2:
			ours, theirs = query.Text(s), s
		case 3:
			ours, theirs = query.Blob([]byte(s)), []byte(s)
		}
		side := encodings[wide]
		if kind%5 == 1 && math.IsNaN(x) {
			if err := query.Exec(t.Context(), side.ours, putAll, ours); err == nil || !strings.Contains(err.Error(), "NaN") {
				t.Errorf("NaN was stored: %v", err)
			}
			return
		}
		got, types := side.through(t, ours)
		want := side.byDriver(t, theirs)
		for i := range got {
			if !equal(got[i], want[i]) {
				t.Errorf("column %d holds %T %.40q, by the driver %T %.40q", i, got[i], got[i], want[i], want[i])
			}
			if class, ok := classes[types[i].(string)]; !ok || !class(got[i]) {
				t.Errorf("column %d holds %T, SQLite says %v", i, got[i], types[i])
			}
		}
		// What no affinity touches comes back to the bit; but UTF-16 has no place for
		// bytes that are no text.
		if text, ok := theirs.(string); !ok || !wide || utf8.ValidString(text) {
			if !equal(got[4], theirs) {
				t.Errorf("%.40q came back as %.40q", theirs, got[4])
			}
		}
	})
}
