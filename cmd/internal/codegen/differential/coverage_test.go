package differential

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/silokit/silo/cmd/internal/codegen/corpus"
)

// forms are what the drawn projects have to hold, so that the drawing cannot narrow
// without anybody noticing: SQLite's refusal of a form would only make it rare.
var forms = []string{
	":one", ":many", ":exec\n", ":execrows", ":execresult", ":execlastid", ":copyfrom",
	"= @", "= :", "= $", " ?,", "?1", "sqlc.arg(", "sqlc.narg(", "sqlc.slice(", "sqlc.embed(", "-- @param ", "-- @column ",
	"SELECT *", ".* FROM", "DISTINCT", " AS (SELECT", "WITH RECURSIVE", "MATERIALIZED", "VALUES (1, ", "json_each(",
	" UNION ", " UNION ALL ", " EXCEPT ", " INTERSECT ", " GROUP BY ", " HAVING ", " FILTER (WHERE ", " OVER (", " OVER named", "PARTITION BY",
	"LEFT JOIN", "RIGHT JOIN", "FULL OUTER JOIN", "CROSS JOIN", "NATURAL ", " USING (", "CASE WHEN ", "coalesce(", "CAST(", " COLLATE NOCASE",
	"ORDER BY CASE", " LIMIT ", " OFFSET ", "NULLS LAST", " BETWEEN ", " LIKE ", " ESCAPE ", " GLOB ", " IS DISTINCT FROM ", " NOT IN (", "EXISTS (SELECT", ") >= (",
	"DEFAULT VALUES", "OR IGNORE", "OR REPLACE", "REPLACE INTO", "DO NOTHING", "DO UPDATE SET", "excluded.", "RETURNING *", "UPDATE ", " FROM (SELECT", ") = (", "DELETE FROM",
	"-- it's said; @no", "/* ü 🙂; ? @no 'it''s */", "Übung", "日本", "two words", "group_concat(", "Größe 🙂",
	"WITHOUT ROWID", "STRICT", "AUTOINCREMENT", "CHECK (", "UNIQUE", "REFERENCES", "GENERATED ALWAYS", "CREATE VIEW", "CREATE TRIGGER", "ADD COLUMN", "PRIMARY KEY (",
	"DECIMAL(10,2)", "JSON", "BOOLEAN", "DATETIME", "DATE", "VARCHAR(20)", "TIMESTAMP",
	"emit_pointers_for_null_types", "query_parameter_limit", "emit_empty_slices", "overrides",
}

func TestDrawnProjectsHoldEveryForm(t *testing.T) {
	missing := map[string]bool{}
	for _, form := range forms {
		missing[form] = true
	}
	projects := rapid.Custom(drawProject)
	for seed := range 300 {
		text := projects.Example(seed).with()
		for form := range missing {
			if strings.Contains(text, form) {
				delete(missing, form)
			}
		}
		if len(missing) == 0 {
			return
		}
	}
	for form := range missing {
		t.Errorf("no project holds %q", form)
	}
}

func TestAFaultIsWhatTheGeneratorMayNotDo(t *testing.T) {
	for _, c := range []struct {
		query corpus.Query
		want  bool
	}{
		{corpus.Query{Name: "A", Class: corpus.Accepted}, false},
		{corpus.Query{Name: "A", Class: corpus.NotComparable, Reason: "it uses chance"}, false},
		{corpus.Query{Name: "A", Class: corpus.Wrong, Reason: "2 rows, by hand 3"}, true},
		{corpus.Query{Name: "A", Class: corpus.NotCompiling, Reason: "undefined: x"}, true},
		{corpus.Query{Name: "A", Class: corpus.Refused, Reason: "the type of parameter x is not clear"}, false},
		{corpus.Query{Name: always, Class: corpus.Refused, Reason: "migration failed"}, true},
		{corpus.Query{Name: "A", Class: corpus.Refused, Reason: "SQLite: no such column: x"}, true},
		{corpus.Query{Name: "A", Class: corpus.Refused, Reason: "the key may be NULL in SQLite: write NOT NULL"}, false},
		{corpus.Query{Name: "A", Class: corpus.Refused, Reason: "silo ended with 2: panic"}, true},
	} {
		if got := isFault(&c.query); got != c.want {
			t.Errorf("%s, %s is a fault: %v, want %v", c.query.Class, c.query.Reason, got, c.want)
		}
	}
}
