package sqlite_test

import (
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// TestLookingAtAValueIsLikeAskingForIt goes through values that SQLite keeps in odd ways:
// integers within REAL columns, zeros that are not written out, numbers made of texts,
// texts in another encoding.
func TestLookingAtAValueIsLikeAskingForIt(t *testing.T) {
	for name, setup := range map[string][]string{
		"UTF-8":  {"CREATE TABLE t (r REAL, n NUMERIC, x TEXT, b BLOB)"},
		"UTF-16": {"PRAGMA encoding='UTF-16'", "CREATE TABLE t (r REAL, n NUMERIC, x TEXT, b BLOB)"},
	} {
		t.Run(name, func(t *testing.T) {
			c := memory(t, sqlite.Queries, append(setup,
				"INSERT INTO t VALUES (1, '12', 'Übung', zeroblob(5)), (1.5, '1e3', '', x''), (-0.0, 'text', 7, 'x'), (9e999, 9223372036854775807, NULL, NULL)")...)
			for _, sql := range []string{
				"SELECT r, n, x, b FROM t ORDER BY rowid",
				"SELECT r + 0, +n, x || '', substr(b, 2) FROM t ORDER BY n, x",
				"SELECT max(r), sum(r), group_concat(x), zeroblob(3) FROM t",
				"SELECT CAST(n AS TEXT), CAST(x AS BLOB), CAST(r AS INTEGER), typeof(b) FROM t",
			} {
				s := mustCache(t, c, sql)
				for row, err := s.Step(); row || err != nil; row, err = s.Step() {
					if err != nil {
						t.Fatal(err)
					}
					for i := range s.ColumnCount() {
						v := s.Value(i)
						if got, want := v.Type(), s.ColumnType(i); got != want {
							t.Errorf("%s: column %d holds %v, by looking %v", sql, i, want, got)
						}
						bytes := string(v.Bytes())
						switch v.Type() {
						case sqlite.Integer:
							if got, want := v.Int(), s.ColumnInt(i); got != want {
								t.Errorf("%s: column %d is %d, by looking %d", sql, i, want, got)
							}
						case sqlite.Float:
							if got, want := v.Float(), s.ColumnFloat(i); got != want {
								t.Errorf("%s: column %d is %v, by looking %v", sql, i, want, got)
							}
						case sqlite.Blob: // as text the other encoding would be taken for UTF-16
							if want := s.ColumnText(i); name == "UTF-8" && bytes != want {
								t.Errorf("%s: column %d is %q, by looking %q", sql, i, want, bytes)
							}
						case sqlite.Text:
							if want := s.ColumnText(i); bytes != want {
								t.Errorf("%s: column %d is %q, by looking %q", sql, i, want, bytes)
							}
						}
					}
				}
				s.Reset()
			}
		})
	}
}

func TestAValueOfNoRowOrColumnIsNull(t *testing.T) {
	s := mustCache(t, memory(t, sqlite.Queries), "SELECT 1")
	if got := s.Value(0).Type(); got != sqlite.Null {
		t.Errorf("before a row it is %v", got)
	}
	if row, err := s.Step(); !row || err != nil {
		t.Fatal(row, err)
	}
	for _, i := range []int{-1, 1, 1 << 20} {
		if got := s.Value(i).Type(); got != sqlite.Null {
			t.Errorf("column %d is %v", i, got)
		}
	}
	s.Reset()
	if got := s.Value(0).Type(); got != sqlite.Null {
		t.Errorf("after the row it is %v", got)
	}
}
