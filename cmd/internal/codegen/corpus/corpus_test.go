package corpus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/silokit/silo/cmd/internal/codegen/corpus/driver"
)

func TestTokensAreTheWholeText(t *testing.T) {
	pieces := []string{"SELECT", " ", "\n", "'", "''", `"`, "`", "[", "]", "--", "/*", "*/", "?", "?1", ":a", "@b", "$", "1e+5", ".5", "x'", "é", ";", "(", "sqlc.arg"}
	rapid.Check(t, func(t *rapid.T) {
		sql := strings.Join(rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(t, "sql"), "")
		if got := join(lex(sql)); got != sql {
			t.Fatalf("tokens make %q", got)
		}
	})
}

func FuzzStatementsCoverTheirFile(f *testing.F) {
	f.Add("-- name: A :one\nSELECT 1; CREATE TRIGGER t BEGIN SELECT CASE WHEN 1 THEN 2 END; END;")
	f.Add("'\"`[x'/*--?@")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, s := range statements(text) {
			if s.start != end || s.end < s.start {
				t.Fatalf("a statement is from %d to %d, the one before ends at %d", s.start, s.end, end)
			}
			end = s.end
			byHand(s)
		}
		if end != len(text) {
			t.Fatalf("the statements end at %d of %d", end, len(text))
		}
	})
}

func TestAStatementEndsAtItsSemicolon(t *testing.T) {
	const text = `-- name: First :one
SELECT ';', ";" /* ; */; -- of the next
CREATE TRIGGER t AFTER INSERT ON x BEGIN
  UPDATE y SET a = CASE WHEN 1 THEN 2 END;
  DELETE FROM z;
END;
/* name: Second :many */
SELECT 2`
	var got []string
	for _, s := range statements(text) {
		got = append(got, s.name+s.command+"|"+s.body())
	}
	want := []string{
		"First:one|SELECT ';', \";\"",
		"|CREATE TRIGGER t AFTER INSERT ON x BEGIN\n  UPDATE y SET a = CASE WHEN 1 THEN 2 END;\n  DELETE FROM z;\nEND",
		"Second:many|SELECT 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMacrosAreWrittenByHand(t *testing.T) {
	tests := []struct{ sql, want, params string }{
		{"SELECT ? , ?", "SELECT <1> , <2>", " "},
		{"SELECT ?2, ?1", "SELECT <2>, <1>", " "},
		{"SELECT @a, :b, $a, sqlc.arg(b), sqlc.narg('c')", "SELECT <1>, <2>, <1>, <2>, <3>", "a b c"},
		{"SELECT sqlc.embed(t), sqlc . embed ( u )", "SELECT \"t\".*, \"u\".*", ""},
		{"SELECT x FROM t WHERE x IN (sqlc.slice(ids)) AND y = @y", "SELECT x FROM t WHERE x IN (<1>) AND y = <2>", "ids* y"},
		{"SELECT '@a', \"?\" -- ?\n, [?]", "SELECT '@a', \"?\"  \n, [?]", ""},
		{"SELECT sqlc.arg(a)||'%'", "SELECT <1>||'%'", "a"},
	}
	for _, test := range tests {
		s := byHand(statements(test.sql)[0])
		var got strings.Builder
		for _, part := range s.Parts {
			if part.Param > 0 {
				fmt.Fprintf(&got, "<%d>", part.Param)
			}
			got.WriteString(part.Text)
		}
		var params []string
		for _, param := range s.Params {
			name := param.Name
			if param.Kind == driver.List {
				name += "*"
			}
			params = append(params, name)
		}
		if got.String() != test.want || strings.Join(params, " ") != test.params {
			t.Errorf("%s is %q with %q, want %q with %q", test.sql, got.String(), params, test.want, test.params)
		}
	}
}

func TestEveryToolsMigrationsBecomeGooses(t *testing.T) {
	const want = "-- +goose Up\n-- +goose StatementBegin\nCREATE TABLE a (b);\n-- +goose StatementEnd\n"
	tests := map[string]string{
		"plain":              "CREATE TABLE a (b)",
		"goose, oddly":       "--+goose up\nCREATE TABLE a (b);\n--  +GOOSE  DOWN\nDROP TABLE a;",
		"sql-migrate":        "-- +migrate Up\nCREATE TABLE a (b);\n-- +migrate Down\nDROP TABLE a;",
		"dbmate":             "-- migrate:up\nCREATE TABLE a (b);\n-- migrate:down\nDROP TABLE a;",
		"tern":               "CREATE TABLE a (b);\n---- create above / drop below ----\nDROP TABLE a;",
		"connection":         "PRAGMA foreign_keys = on; BEGIN; CREATE TABLE a (b); COMMIT;",
		"SQLite's own":       "CREATE TABLE IF NOT EXISTS sqlite_sequence (name, seq); CREATE TABLE sqlite_master (name); CREATE TABLE a (b);",
		"mixed with a query": "CREATE TABLE a (b);\n-- name: List :many\nSELECT * FROM a;",
		"a dump's commands":  "\\restrict x\nCREATE TABLE a (b);\n\\unrestrict x",
	}
	for name, text := range tests {
		u := &Unit{schema: []sqlFile{{path: "schema.sql", text: text, statements: statements(text)}}}
		got := u.migrations()
		if len(got) != 1 || got[0].text != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestMigrationsOfGooseAreTakenAsTheyAre(t *testing.T) {
	const text = "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE TABLE a (b DEFAULT \"c\");\n-- +goose Down\nDROP TABLE a;"
	u := &Unit{schema: []sqlFile{{path: "m/001_first.sql", text: text, statements: statements(text)}}}
	if got := u.migrations(); len(got) != 1 || got[0] != (migration{"001_first.sql", text}) {
		t.Errorf("they are %q", got)
	}
}

func TestWhatVirtualTablesMakeForThemselvesIsLeftOut(t *testing.T) {
	const text = "CREATE VIRTUAL TABLE IF NOT EXISTS r USING rtree (id, a, b); CREATE TABLE IF NOT EXISTS \"r_rowid\"(rowid INTEGER PRIMARY KEY,nodeno); CREATE TABLE s_rowid (a);"
	u := &Unit{schema: []sqlFile{{path: "schema.sql", text: text, statements: statements(text)}}}
	got := u.migrations()
	if len(got) != 1 || strings.Contains(got[0].text, "r_rowid") || !strings.Contains(got[0].text, "s_rowid") {
		t.Errorf("they are %q", got)
	}
}

func TestProjectsOfEveryLayoutAreFound(t *testing.T) {
	root := t.TempDir()
	const query = "-- name: One :one\nSELECT 1;\n"
	files := map[string]string{
		"two/sqlc.yaml":              "version: \"2\"\nsql:\n- {engine: sqlite, schema: m, queries: [q/*.sql], gen: {go: {package: x, out: x}}}\n- {engine: postgresql, schema: m, queries: q}\n- {engine: sqlite, schema: [m/1.sql], queries: q}\n",
		"two/m/1.sql":                "CREATE TABLE a (b);",
		"two/m/2.up.sql":             "CREATE TABLE c (d);",
		"two/m/2.down.sql":           "DROP TABLE c;",
		"two/q/a.sql":                query,
		"one/sqlc.json":              `{"version": "1", "packages": [{"engine": "sqlite", "path": "db", "schema": "s.sql", "queries": "q.sql", "emit_json_tags": true}], "rename": {"a": "B"}}`,
		"one/s.sql":                  "CREATE TABLE a (b);",
		"one/q.sql":                  query,
		"same/sqlc.yaml":             "version: 2\nsql: [{engine: sqlite, schema: s.sql, queries: q.sql, codegen: [{plugin: ts, out: x}]}]",
		"same/sqlc.ci.yaml":          "version: 2\nsql: [{engine: sqlite, schema: s.sql, queries: q.sql, codegen: [{plugin: py, out: x}]}]",
		"same/s.sql":                 "",
		"same/q.sql":                 query,
		"bare/schema.sql":            "CREATE TABLE a (b);",
		"bare/query.sql":             query,
		"folders/schema/1.sql":       "CREATE TABLE a (b);",
		"folders/queries/a.sql":      query,
		"broken/sqlc.yaml":           "version: [",
		"absent/sqlc.yaml":           "version: 2\nsql: [{engine: sqlite, schema: nowhere, queries: q.sql}]",
		"escape/sqlc.yaml":           "version: 2\nsql: [{engine: sqlite, schema: ../../etc, queries: ../../q.sql}]",
		"odd/sqlc.yaml":              "version: 2\nsql: 3",
		"odd/deeper/sqlc.yml":        "- 1",
		"nameless/sqlc.yaml":         "version: 2\nsql: [{engine: sqlite, schema: s.sql, queries: s.sql}]",
		"nameless/s.sql":             "SELECT 1;",
		"covered/sqlc.yaml":          "version: 2\nsql: [{engine: mysql, schema: schema.sql, queries: query.sql}]",
		"covered/schema.sql":         "CREATE TABLE a (b);",
		"covered/query.sql":          query,
		"node_modules/x/schema.sql":  "",
		"node_modules/x/queries.sql": query,
	}
	if err := writeFiles(root, files); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(root, "nowhere"), filepath.Join(root, "two", "m", "9.sql.link")); err != nil {
		t.Fatal(err)
	}
	units, skipped, err := Find(root)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range units {
		line := u.Name + ":"
		for _, file := range u.schema {
			line += " " + file.path
		}
		got = append(got, line)
	}
	want := []string{
		"bare: bare/schema.sql",
		"folders: folders/schema/1.sql",
		"one: one/s.sql",
		"same: same/s.sql",
		"two: two/m/1.sql two/m/2.up.sql",
		"two#2: two/m/1.sql",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	reasons := map[string]string{}
	for _, s := range skipped {
		reasons[s.Path] = s.Reason
	}
	for path, reason := range map[string]string{
		"broken/sqlc.yaml": "read the configuration", "odd/deeper/sqlc.yml": "read the configuration", "absent": "there is no absent/nowhere",
		"escape": "outside the corpus", "nameless": "no named query", "same/sqlc.ci.yaml": "the same as same",
	} {
		if !strings.Contains(reasons[path], reason) {
			t.Errorf("%s: the reason is %q, want %q", path, reasons[path], reason)
		}
	}
}

func TestVersion1IsReadAsVersion2(t *testing.T) {
	blocks, err := readSettings([]byte("version: \"1\"\npackages:\n- {engine: sqlite, path: internal/store, queries: q, schema: s, emit_json_tags: true, overrides: [{db_type: text, go_type: string}]}\noverrides: [{column: a.b, go_type: int64}]\nrename: {a: B}\n"))
	if err != nil {
		t.Fatal(err)
	}
	u := &Unit{settings: blocks[0]}
	o := newOptions(u, u.packageName(), "x.Y")
	want := strings.Replace(fmt.Sprintf(configHead, `["q.sql"]`, "store", "x.Y"), "\n\n", "\n", 1) +
		`          emit_json_tags: true
          rename: {"a":"B"}
          overrides:
            - {"db_type":"text","go_type":"string"}
            - {"column":"a.b","go_type":"int64"}
`
	if diff := cmp.Diff(want, o.config([]string{"q.sql"})); diff != "" {
		t.Error(diff)
	}
}

func TestAProblemsLineNamesItsOption(t *testing.T) {
	o := siloOptions{names: []string{"a", "b"}, values: map[string]string{"a": "1", "b": "2"}, overrides: []override{{text: "{1}"}, {text: "{2}"}}}
	head := strings.Count(configHead, "\n")
	want := map[int]string{head + 2: "b", head + 4: "overrides, the entry {1}"}
	if diff := cmp.Diff(want, o.drop(head, head+2, head+4)); diff != "" {
		t.Error(diff)
	}
	if len(o.names) != 1 || o.names[0] != "a" || len(o.overrides) != 1 || o.overrides[0].text != "{2}" {
		t.Errorf("%v and %v are left", o.names, o.overrides)
	}
	if diff := cmp.Diff(map[int]string{}, o.drop(head+2, head+4)); diff != "" {
		t.Errorf("what stands at the lines of none: %s", diff)
	}
}

func TestStubsOfInternalPackagesLieWhereTheyMayBeImported(t *testing.T) {
	for given, want := range map[string]string{
		`{"column":"a.b","go_type":"example.com/x/internal/types.ID"}`:                    `{"column":"a.b","go_type":"example.com/x/internals/types.ID"}`,
		`{"db_type":"X","go_type":{"import":"example.com/internal","type":"ID"}}`:         `{"db_type":"X","go_type":{"import":"example.com/internals","type":"ID"}}`,
		`{"column":"internal.b","go_type":"example.com/internalised.ID","nullable":true}`: `{"column":"internal.b","go_type":"example.com/internalised.ID","nullable":true}`,
	} {
		var entry any
		if err := json.Unmarshal([]byte(given), &entry); err != nil {
			t.Fatal(err)
		}
		if got := newOverride(entry).text; got != want {
			t.Errorf("%s became %s", given, got)
		}
	}
}

func TestAUnitWithWhichTheToolFailsIsNamedAndTheOthersAreJudged(t *testing.T) {
	broken, whole := &trial{unit: &Unit{Name: "broken"}, project: &project{dir: t.TempDir()}}, &trial{unit: &Unit{Name: "whole"}, project: &project{dir: t.TempDir()}}
	report := &Report{}
	for _, one := range []*trial{broken, whole} {
		one.queries = []*Query{{Name: "Q", Class: Accepted, Handled: true}, {Name: "R", Class: Refused, Handled: true}}
	}
	b := bench{Options: Options{Workers: 2}}
	b.each(t.Context(), []*trial{broken, whole}, func(_ context.Context, one *trial) error {
		if one == broken {
			return errors.New("broken: no more disk")
		}
		return nil
	})
	report.add(broken)
	report.add(whole)
	if got := report.Totals.Classes; got[NotTried] != 1 || got[Accepted] != 1 || got[Refused] != 2 {
		t.Errorf("the classes are %v", got)
	}
	if q := broken.queries[0]; q.Reason != "broken: no more disk" {
		t.Errorf("the reason is %q", q.Reason)
	}
	if report.Sound() || report.Totals.Good != 1 {
		t.Errorf("%d are good", report.Totals.Good)
	}
}

func TestAProblemBelongsToTheQueryAtItsLine(t *testing.T) {
	const text = "-- name: A :one\nSELECT 1;\n\n-- name: B :one\nSELECT\n  2;\n"
	u := &Unit{queries: []sqlFile{{path: "x/q.sql", text: text, statements: statements(text)}}}
	queries := u.named()
	p := &project{unit: u}
	refused, dropped := p.attribute([]siloProblem{{File: "queries/000/q.sql", Line: 6, Message: "m"}, {File: "queries/000/q.sql", Line: 5, Message: "n"}}, queries)
	if dropped || len(refused) != 1 || refused[0].Name != "B" || refused[0].Reason != "m; n" || queries[0].Class != Accepted {
		t.Errorf("refused %v", refused)
	}
	if got, want := u.queries[0].without(func(s statement) bool { return s.name == "A" }), "               \n         \n\n-- name: B :one\nSELECT\n  2;\n"; got != want {
		t.Errorf("without A the file is %q", got)
	}
}

func TestEqualReasonsCountAsOne(t *testing.T) {
	report := &Report{}
	for _, name := range []string{"user_id", "amount"} {
		s := statements("-- name: Q :one\nSELECT " + name + " FROM t")[0]
		q := &Query{Name: "Q", statement: s, Handled: true}
		q.refuse("query Q: no such column: " + name + " at 3")
		report.add(&trial{unit: &Unit{}, queries: []*Query{q}})
	}
	reasons := report.Reasons()
	if len(reasons) != 1 || reasons[0].Count != 2 || reasons[0].Text != "refused: query …: no such column: … at …" {
		t.Errorf("the reasons are %+v", reasons)
	}
}

func TestTheRatioCountsWhatPlainSQLCHandles(t *testing.T) {
	report := &Report{}
	report.add(&trial{unit: &Unit{}, queries: []*Query{
		{Handled: true, Class: Accepted}, {Handled: true, Class: Refused}, {Handled: true, Class: NotCompiling},
		{Handled: true, Class: NotComparable}, {Class: Accepted}, {Class: Refused},
	}})
	if got := report.Totals; got.Handled != 4 || got.Good != 2 || got.More != 1 || got.Ratio != 0.5 {
		t.Errorf("the totals are %+v", got)
	}
	if report.Sound() {
		t.Error("a query that does not compile is no trouble")
	}
}

func TestStubsHaveTheTypesThatAreUsed(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.go")
	source := "package a\n\nimport (\n\t\"example.com/x/go-types/v2\"\n\tn \"gopkg.in/null.v3\"\n)\n\ntype A struct {\n\tB types.Role\n\tC n.Value[int]\n}\n"
	if err := os.WriteFile(name, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := readStubs([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]shape{"example.com/x/go-types/v2": {"Role": plain}, "gopkg.in/null.v3": {"Value": generic}}
	if diff := cmp.Diff(want, s.used); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(s.source("gopkg.in/null.v3"), "type Value[T any] struct{ V any }") {
		t.Error("the generic type takes no argument")
	}
	for path, version := range map[string]string{"example.com/x/go-types/v2": "v2.0.0", "gopkg.in/null.v3": "v3.0.0", "example.com/x": "v0.0.0"} {
		if got := stubVersion(path); got != version {
			t.Errorf("the version of %s is %s, want %s", path, got, version)
		}
	}
}

func TestRunnableIsWhatSQLiteItselfRuns(t *testing.T) {
	const schema = "CREATE TABLE t (a);\nCREATE VIRTUAL TABLE f USING fts5(a);\nCREATE TABLE IF NOT EXISTS 'f_data'(id INTEGER PRIMARY KEY, block BLOB);"
	u := &Unit{schema: []sqlFile{{path: "schema.sql", text: schema, statements: statements(schema)}}}
	want := map[string]bool{
		"SELECT a FROM t WHERE a IN sqlc.slice('xs') AND a = @y AND a = ?": true,
		"SELECT missing FROM t":  false,
		"CREATE TABLE other (a)": true,
		"SELECT":                 false,
	}
	var queries []*Query
	for text := range want {
		queries = append(queries, &Query{Class: Refused, Name: text, statement: statements("-- name: Q :many\n" + text)[0]})
	}
	b := &bench{}
	if err := b.findRunnable(t.Context(), &trial{unit: u, queries: queries}); err != nil {
		t.Fatal(err)
	}
	for _, q := range queries {
		if q.Runnable != want[q.Name] {
			t.Errorf("%s: %t", q.Name, q.Runnable)
		}
	}
}
