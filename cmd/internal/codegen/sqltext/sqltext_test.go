package sqltext_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// parse returns the queries of a file that has no problems.
func parse(t *testing.T, src string) []sqltext.Query {
	t.Helper()
	queries, problems := sqltext.ParseFile("q.sql", src)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return queries
}

func TestTokensAreThoseOfSQLite(t *testing.T) {
	for _, test := range []struct {
		src  string
		want []string
	}{
		{"SELECT 'it''s' /* c */ -- d", []string{"SELECT", "'it''s'", "/* c */", "-- d"}},
		{`"a""b" [c]]` + "`d``e`", []string{`"a""b"`, "[c]", "!]", "`d``e`"}},
		{"1.5e+3 0x1F .5 1_000 1.e2 5e", []string{"1.5e+3", "0x1F", ".5", "1_000", "1.e2", "5", "e"}},
		{"?1 ? :a @b $c x'0f' X'' xy", []string{"?1", "?", ":a", "@b", "$c", "x'0f'", "X''", "xy"}},
		{"a->>'b'||c<>d<=e<<f==g!=h->i", []string{"a", "->>", "'b'", "||", "c", "<>", "d", "<=", "e", "<<", "f", "==", "g", "!=", "h", "->", "i"}},
		{"größe日本 ü", []string{"größe日本", "ü"}},
		{"a.b.*", []string{"a", ".", "b", ".", "*"}},
		{"'open", []string{"!'open"}},
		{"/* open", []string{"!/* open"}},
		{"[open", []string{"![open"}},
	} {
		var got []string
		for _, token := range sqltext.Scan(test.src) {
			switch token.Kind {
			case sqltext.Space:
			case sqltext.Bad:
				got = append(got, "!"+token.Text)
			default:
				got = append(got, token.Text)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.src, diff)
		}
	}
}

func TestEveryWayToWriteAParameterBecomesANumber(t *testing.T) {
	for _, test := range []struct{ src, text, params string }{
		{"SELECT ?, ?", "SELECT ?1, ?2", "1: 2:"},
		{"SELECT ?2, ?1", "SELECT ?2, ?1", "1: 2:"},
		{"SELECT @a, :b, @a", "SELECT ?1, ?2, ?1", "1:a 2:b"},
		{"SELECT sqlc.arg(a), sqlc.arg('b'), sqlc . arg ( a )", "SELECT ?1, ?2, ?1", "1:a 2:b"},
		{"SELECT sqlc.narg(a), @a", "SELECT ?1, ?1", "1:a?"},
		{"SELECT x IN (sqlc.slice( (('a')) )), sqlc.arg((b))", "SELECT x IN (SELECT value FROM json_each(?1)), ?2", "1:a* 2:b"},
		{"SELECT x NOT IN sqlc.slice('a') AND y", "SELECT x NOT IN (SELECT value FROM json_each(?1)) AND y", "1:a*"},
		{"SELECT x IN (sqlc.slice(a)), @b", "SELECT x IN (SELECT value FROM json_each(?1)), ?2", "1:a* 2:b"},
		{"SELECT 'größer @a', /* @b */ @c", "SELECT 'größer @a', ?1", "1:c"},
		{"SELECT \"@a\" FROM [b:c] WHERE x = :d", "SELECT \"@a\" FROM [b:c] WHERE x = ?1", "1:d"},
		{"SELECT sqlc.embed(t), sqlc.x FROM t", "SELECT \"t\".*, sqlc.x FROM t", ""},
		{"SELECT 1--c\n,2/*d*/,3", "SELECT 1\n,2 ,3", ""},
	} {
		q := parse(t, "-- name: Q :many\n"+test.src+";")[0]
		if got := q.Text(); got != test.text {
			t.Errorf("%s:\n got %s\nwant %s", test.src, got, test.text)
		}
		var params []string
		for _, p := range q.Params {
			mark := ""
			if p.Nullable {
				mark = "?"
			} else if p.Slice {
				mark = "*"
			}
			params = append(params, fmt.Sprintf("%d:%s%s", p.Number, p.Name, mark))
		}
		if got := strings.Join(params, " "); got != test.params {
			t.Errorf("%s: parameters %s, want %s", test.src, got, test.params)
		}
	}
}

func TestQueriesHaveTheirNamesCommentsAndLines(t *testing.T) {
	queries := parse(t, `-- The file.

-- First is
-- the first.
-- name: First :one
-- @param a text
SELECT @a;
;
-- name: Second :many
--
-- Second is it.
SELECT 1,
  2 -- two
  ;
/* name: Third :exec */
/*
 * Third is it.
 */
DELETE FROM t`)
	type summary struct {
		Name, Command, Text string
		Doc                 []string
		Line, LastLine      int
		Hints               int
	}
	var got []summary
	for _, q := range queries {
		got = append(got, summary{q.Name, q.Command, q.Text(), q.Doc, q.Line, q.LastLine, len(q.Hints)})
	}
	want := []summary{
		{"First", "one", "SELECT ?1", []string{"First is", "the first."}, 5, 7, 1},
		{"Second", "many", "SELECT 1,\n  2", []string{"", "Second is it."}, 9, 13, 0},
		{"Third", "exec", "DELETE FROM t", []string{"Third is it."}, 15, 19, 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestOffsetsLeadBackToLines(t *testing.T) {
	q := parse(t, "\n-- name: Q :many\n-- c\nSELECT /* d\n */ a,\n  ö, b\nFROM t")[0]
	for marker, want := range map[string]int{"SELECT": 4, "a,": 5, "b": 6, "FROM": 7} {
		if got := q.LineOf(q.PosAt(strings.Index(q.Text(), marker))); got != want {
			t.Errorf("%s is on line %d, want %d", marker, got, want)
		}
	}
	if got := q.LineOf(q.PosAt(-1)); got != 2 {
		t.Errorf("an unknown offset is on line %d, want that of the name, 2", got)
	}
}

func TestPlainTextIsASCIIWithQuotedAliases(t *testing.T) {
	q := parse(t, "-- name: Q :many\nWITH c AS (SELECT 1 AS last) SELECT CAST(@a AS TEXT) AS größe, 'ä' AS \"b\" FROM t AS x WHERE id IN (sqlc.slice(ids))")[0]
	want := `WITH c AS (SELECT 1 AS "last") SELECT CAST(?1 AS TEXT) AS "gru00f6u00dfe", 'u00e4' AS "b" FROM t AS "x" WHERE id IN (?2)`
	if got := q.Plain(); got != want {
		t.Errorf(" got %s\nwant %s", got, want)
	}
}

func FuzzScanLosesNothing(f *testing.F) {
	for _, seed := range []string{
		"-- name: A :one\nSELECT 'ä''b', \"c\"\"d\", [e], `f`, x'00', 1.5e-3, ?1, @a, :b, $c FROM t /* g */ -- h",
		"'", "/*", "[", "x'", "1e", "0x", "..", "\xff\x00", "sqlc.slice(", "?999999999999999999999",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		var joined strings.Builder
		for _, token := range sqltext.Scan(src) {
			if token.Pos != joined.Len() || token.Text == "" {
				t.Fatalf("token %q is at %d, want %d", token.Text, token.Pos, joined.Len())
			}
			joined.WriteString(token.Text)
		}
		if joined.String() != src {
			t.Fatalf("%q became %q", src, joined.String())
		}
		queries, problems := sqltext.ParseFile("q.sql", src)
		for _, p := range problems.Sorted() {
			if p.Line < 1 || p.Line > strings.Count(src, "\n")+1 {
				t.Errorf("problem outside the file: %v", p)
			}
		}
		for _, q := range queries {
			checkQuery(t, &q)
		}
	})
}

// checkQuery looks whether a query's text has exactly its parameters, read again.
func checkQuery(t *testing.T, q *sqltext.Query) {
	seen := map[string]bool{}
	for _, token := range sqltext.Scan(q.Text()) {
		switch token.Kind {
		case sqltext.Variable:
			seen[token.Text] = true
		case sqltext.Comment, sqltext.Bad:
			t.Errorf("%q is left in %q", token.Text, q.Text())
		}
	}
	for _, p := range q.Params {
		if !seen[fmt.Sprintf("?%d", p.Number)] {
			t.Errorf("parameter %d is not in %q", p.Number, q.Text())
		}
	}
	if len(seen) != len(q.Params) {
		t.Errorf("%d parameters, but %v in %q", len(q.Params), seen, q.Text())
	}
	if plain := q.Plain(); strings.IndexFunc(plain, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		t.Errorf("%q is not ASCII", plain)
	}
}

func TestABadCharacterHidesNothingElseInItsFile(t *testing.T) {
	queries, problems := sqltext.ParseFile("q.sql", "-- name: A :one\nSELECT {1};\n-- name: B\nSELECT 2;\n-- name: C :one\nSELECT 3;\n")
	var lines []int
	for _, p := range problems.Sorted() {
		lines = append(lines, p.Line)
	}
	if diff := cmp.Diff([]int{2, 3}, lines); diff != "" {
		t.Errorf("the lines with problems (-want +got):\n%s", diff)
	}
	if len(queries) != 1 || queries[0].Name != "C" {
		t.Errorf("the queries are %v, want C alone", queries)
	}
}
