package sqlite_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// values are a statement's arguments, one of each storage class.
type values struct {
	i int64
	f float64
	s string
	b []byte
}

func (v values) bind(s *sqlite.Stmt) error {
	return errors.Join(s.BindInt(1, v.i), s.BindFloat(2, v.f), s.BindText(3, v.s), s.BindBlob(4, string(v.b)))
}

// wantRow fails unless the row at hand holds v in columns from at on.
func (v values) wantRow(t *testing.T, s *sqlite.Stmt, at int) {
	t.Helper()
	for i, want := range []sqlite.Type{sqlite.Integer, sqlite.Float, sqlite.Text, sqlite.Blob} {
		if got, looked := s.ColumnType(at+i), s.Value(at+i).Type(); got != want || looked != want {
			t.Errorf("column %d holds %v, by looking %v, want %v", at+i, got, looked, want)
		}
	}
	// By looking first: the interface's calls may convert what is looked at.
	if got, asked := s.Value(at).Int(), s.ColumnInt(at); got != v.i || asked != v.i {
		t.Errorf("integer %d came back as %d, asked for as %d", v.i, got, asked)
	}
	if got, asked := s.Value(at+1).Float(), s.ColumnFloat(at+1); got != v.f || asked != v.f {
		t.Errorf("float %v came back as %v, asked for as %v", v.f, got, asked)
	}
	if got, asked := string(s.Value(at+2).Bytes()), s.ColumnText(at+2); got != v.s || asked != v.s {
		t.Errorf("text of %d bytes came back as others of %d and %d", len(v.s), len(got), len(asked))
	}
	if got := s.Value(at + 3).Bytes(); !bytes.Equal(got, v.b) {
		t.Errorf("blob of %d bytes came back as another of %d", len(v.b), len(got))
	}
}

// throughTable stores v, reads it back and removes it, on statements that are
// prepared once and used again.
func (v values) throughTable(t *testing.T, c *sqlite.Conn) {
	t.Helper()
	insert, err := c.Cached("INSERT INTO v VALUES (?1, ?2, ?3, ?4) RETURNING i, f, s, b")
	if err != nil {
		t.Fatal(err)
	}
	defer insert.Reset()
	if err := v.bind(insert); err != nil {
		t.Fatal(err)
	}
	for row, err := insert.Step(); row || err != nil; row, err = insert.Step() {
		if err != nil {
			t.Fatal(err)
		}
		v.wantRow(t, insert, 0)
	}
	stored, err := c.Cached("DELETE FROM v RETURNING *")
	if err != nil {
		t.Fatal(err)
	}
	defer stored.Reset()
	if row, err := stored.Step(); !row || err != nil {
		t.Fatalf("reading what was stored: %t, %v", row, err)
	}
	v.wantRow(t, stored, 0)
	if row, err := stored.Step(); row || err != nil {
		t.Fatalf("a second row: %t, %v", row, err)
	}
}

const valuesTable = "CREATE TABLE v (i, f, s, b)"

// sizes are around what a parameter keeps between two runs, and well beyond.
var sizes = []int{0, 1, 31, 32, 33, 16384, 16385, 1_000_000, 16384, 5, 16385, 0, 1_000_000, 1}

func TestOneStatementTakesValuesThatGrowAndShrink(t *testing.T) {
	c := memory(t, sqlite.Queries, valuesTable)
	for i, n := range sizes {
		fill := byte('a' + i)
		values{i: int64(n), f: float64(n) + 0.5, s: strings.Repeat(string(fill), n), b: bytes.Repeat([]byte{fill}, n)}.throughTable(t, c)
	}
}

func TestExtremeNumbersComeBackAsTheyWereBound(t *testing.T) {
	c := memory(t, sqlite.Queries, valuesTable)
	for _, i := range []int64{0, 1, -1, math.MaxInt64, math.MinInt64} {
		for _, f := range []float64{0, 1, -1, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), 1 << 53, 0.1} {
			values{i: i, f: f, b: []byte{}}.throughTable(t, c)
		}
	}
}

func FuzzValuesComeBackAsTheyWereBound(f *testing.F) {
	c := memory(f, sqlite.Queries, valuesTable)
	f.Add(int64(0), 0.0, "", []byte{})
	f.Add(int64(math.MinInt64), math.Inf(-1), "\x00", []byte{0})
	f.Add(int64(math.MaxInt64), math.Inf(1), "a\x00b\xff\xfe\xc3", []byte("\x00\xff"))
	f.Add(int64(-1), math.SmallestNonzeroFloat64, "ä€😀\u2028", []byte(nil))
	f.Add(int64(1), math.NaN(), "'; DROP TABLE v; --", []byte("x"))
	for _, n := range sizes[:7] {
		f.Add(int64(n), -0.5, strings.Repeat("é", n), make([]byte, n))
	}
	f.Fuzz(func(t *testing.T, i int64, fl float64, s string, b []byte) {
		if math.IsNaN(fl) {
			if err := (values{f: fl}).bind(mustCache(t, c, "SELECT ?1, ?2, ?3, ?4")); err == nil {
				t.Error("NaN was bound")
			}
			fl = 0
		}
		values{i, fl, s, b}.throughTable(t, c)
	})
}

func mustCache(t *testing.T, c *sqlite.Conn, sql string) *sqlite.Stmt {
	t.Helper()
	s, err := c.Cached(sql)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNaNIsRefusedAndSaysWhy(t *testing.T) {
	s := mustCache(t, memory(t, sqlite.Queries), "SELECT ?1")
	err := s.BindFloat(1, math.NaN())
	var of *sqlite.Error
	if !errors.As(err, &of) || of.Message != "SQLite cannot hold NaN" || of.SQL != "SELECT ?1" || of.Offset != -1 {
		t.Errorf("got %#v", err)
	}
}

func TestParametersThatAreNotThereAreRefused(t *testing.T) {
	s := mustCache(t, memory(t, sqlite.Queries), "SELECT ?1, ?3")
	if n := s.ParamCount(); n != 3 {
		t.Fatalf("%d parameters, want 3", n)
	}
	for _, i := range []int{-1, 0, 4} {
		for name, err := range map[string]error{
			"null": s.BindNull(i), "int": s.BindInt(i, 1), "float": s.BindFloat(i, 1), "text": s.BindText(i, "x"), "blob": s.BindBlob(i, "x"),
		} {
			if err == nil {
				t.Errorf("%s was bound to parameter %d", name, i)
			}
		}
	}
}

func TestParametersAreToldByTheirNames(t *testing.T) {
	s := mustCache(t, memory(t, sqlite.Queries), "SELECT ?, :name, @at, $dollar, ?7")
	for i, want := range []string{"", ":name", "@at", "$dollar", "", "", "?7"} {
		if got := s.ParamName(i + 1); got != want {
			t.Errorf("parameter %d is %q, want %q", i+1, got, want)
		}
	}
}

func TestNothingIsNullAndNoBytesAreNot(t *testing.T) {
	s := mustCache(t, memory(t, sqlite.Queries), "SELECT ?1, ?2, ?3, ?4")
	defer s.Reset()
	// The fourth stays as it is at first: NULL.
	if err := errors.Join(s.BindNull(1), s.BindText(2, ""), s.BindBlob(3, "")); err != nil {
		t.Fatal(err)
	}
	if row, err := s.Step(); !row || err != nil {
		t.Fatal(row, err)
	}
	for i, want := range []sqlite.Type{sqlite.Null, sqlite.Text, sqlite.Blob, sqlite.Null} {
		if got := s.ColumnType(i); got != want {
			t.Errorf("column %d holds %v, want %v", i, got, want)
		}
	}
}

func TestResetKeepsSmallValuesAndLetsGoOfLargeOnes(t *testing.T) {
	s := mustCache(t, memory(t, sqlite.Queries), "SELECT ?1, ?2, ?3")
	kept := strings.Repeat("x", 16384)
	if err := errors.Join(s.BindText(1, "small"), s.BindText(2, kept+"x"), s.BindText(3, kept)); err != nil {
		t.Fatal(err)
	}
	s.Reset()
	defer s.Reset()
	if row, err := s.Step(); !row || err != nil {
		t.Fatal(row, err)
	}
	if got := s.ColumnText(0); got != "small" {
		t.Errorf("the small value is %q", got)
	}
	if got := s.ColumnText(2); got != kept {
		t.Errorf("the value of 16 KiB has %d bytes", len(got))
	}
	if got := s.ColumnType(1); got != sqlite.Null {
		t.Errorf("the large value is %v of %d bytes, want NULL", got, len(s.ColumnText(1)))
	}
}

func TestWhatAColumnHeldSurvivesTheNextStep(t *testing.T) {
	s := mustCache(t, memory(t, sqlite.Queries), "SELECT ?1 UNION ALL SELECT 'zzzz'")
	if err := s.BindText(1, "aaaa"); err != nil {
		t.Fatal(err)
	}
	if row, err := s.Step(); !row || err != nil {
		t.Fatal(row, err)
	}
	kept := s.ColumnText(0)
	if row, err := s.Step(); !row || err != nil {
		t.Fatal(row, err)
	}
	s.Reset()
	if kept != "aaaa" {
		t.Errorf("a kept value became %q", kept)
	}
}
