package sqlcheck_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/tenantdb/sqlcheck"
)

func TestPlansAreThoseOfSQLite(t *testing.T) {
	db := open(t, "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b);\nCREATE INDEX t_a ON t (a);\nCREATE VIRTUAL TABLE f USING fts5(x);\n")
	for sql, want := range map[string][]string{
		"SELECT * FROM t":                               {"SCAN t"},
		"SELECT * FROM t WHERE a = ?1":                  {"SEARCH t USING INDEX t_a (a=?)"},
		"SELECT * FROM t AS x ORDER BY b":               {"SCAN x", "USE TEMP B-TREE FOR ORDER BY"},
		"DELETE FROM t WHERE b = ?1":                    {"SCAN t"},
		"INSERT INTO t (a) VALUES (?1)":                 nil,
		"SELECT 1":                                      {"SCAN CONSTANT ROW"},
		"SELECT * FROM f WHERE f MATCH ?1":              {"SCAN f VIRTUAL TABLE INDEX 0:M1"},
		"SELECT * FROM t WHERE id IN (SELECT b FROM t)": {"SEARCH t USING INTEGER PRIMARY KEY (rowid=?)", "LIST SUBQUERY 1", " SCAN t"},
	} {
		steps, err := db.Plan(sql)
		if err != nil {
			t.Errorf("%s: %v", sql, err)
			continue
		}
		var got []string
		for _, step := range steps {
			detail := step.Detail
			if step.Parent != 0 {
				detail = " " + detail
			}
			got = append(got, detail)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", sql, diff)
		}
	}
}

func TestARefusedStatementHasNoPlan(t *testing.T) {
	db := open(t, "CREATE TABLE t (a);\n")
	for sql, want := range map[string]sqlcheck.Error{
		"SELECT nope FROM t": {Message: "no such column: nope", Offset: 7},
		"DROP TABLE t":       {Message: "the schema is changed by migrations only", Offset: -1},
		"SELECT 1; SELECT 2": {Message: "there is more than one statement in the text", Offset: 9},
	} {
		steps, err := db.Plan(sql)
		var of *sqlcheck.Error
		if !errors.As(err, &of) || *of != want {
			t.Errorf("%s: got %v, %v", sql, steps, err)
		}
	}
}

func TestObjectsAreThoseOfTheApplication(t *testing.T) {
	db := open(t, `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a UNIQUE);
CREATE INDEX t_a ON t (a);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIRTUAL TABLE f USING fts5(x);
-- +goose StatementBegin
CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;
-- +goose StatementEnd
`)
	got, err := db.Objects()
	if err != nil {
		t.Fatal(err)
	}
	want := []sqlcheck.Object{
		{Kind: sqlcheck.Index, Name: "t_a", Table: "t", SQL: "CREATE INDEX t_a ON t (a)"},
		{Kind: sqlcheck.Virtual, Name: "f", Table: "f", SQL: "CREATE VIRTUAL TABLE f USING fts5(x)"},
		{Kind: sqlcheck.Table, Name: "t", Table: "t", SQL: "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a UNIQUE)"},
		{Kind: sqlcheck.Trigger, Name: "g", Table: "t", SQL: "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END"},
		{Kind: sqlcheck.View, Name: "v", Table: "v", SQL: "CREATE VIEW v AS SELECT a FROM t"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
