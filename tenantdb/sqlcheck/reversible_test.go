package sqlcheck_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/schema"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// base is a migration that every case begins with.
const base = "-- +goose Up\nCREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x' CHECK (a <> ''), b INTEGER);\n-- +goose Down\nDROP TABLE t;\n"

func reversible(t *testing.T, fsys fs.FS) []sqlcheck.DownFinding {
	t.Helper()
	found, err := sqlcheck.Reversible(t.Context(), fsys)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestADownThatDoesNotRestoreTheSchemaIsTold(t *testing.T) {
	const restore = "the Down does not restore the schema: "
	const undo = "; write in it what undoes the Up"
	for name, tt := range map[string]struct {
		up, down string
		line     int
		want     string
	}{
		"keeps a column":        {"ALTER TABLE t ADD COLUMN c;\nCREATE INDEX t_b ON t (b);", "DROP INDEX t_b;", 4, restore + "table t keeps column c" + undo},
		"keeps an index":        {"CREATE INDEX t_b ON t (b);", "SELECT 1;", 3, restore + "index t_b is left" + undo},
		"keeps a table":         {"CREATE TABLE u (x);\nCREATE TABLE v (x);", "DROP TABLE v;", 4, restore + "table u is left" + undo},
		"keeps what is virtual": {"CREATE VIRTUAL TABLE f USING fts5(x);", "SELECT 1;", 3, restore + "virtual table f is left" + undo},
		"loses a table":         {"DROP TABLE t;", "SELECT 1;", 3, restore + "table t is gone" + undo},
		"another type":          {"DROP TABLE t;", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x' CHECK (a <> ''), b TEXT);", 3, restore + "column t.b is declared otherwise" + undo},
		"another order":         {"ALTER TABLE t DROP COLUMN b;\nALTER TABLE t ADD COLUMN c;", "ALTER TABLE t DROP COLUMN c;\nCREATE TABLE n (id INTEGER PRIMARY KEY, b INTEGER, a TEXT NOT NULL DEFAULT 'x' CHECK (a <> ''));\nDROP TABLE t;\nALTER TABLE n RENAME TO t;", 4, restore + "table t has its columns in another order" + undo},
		"loses a CHECK":         {"DROP TABLE t;", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x', b INTEGER);", 3, restore + "table t has other constraints" + undo},
		"another CHECK":         {"DROP TABLE t;", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x' CHECK (a <> ' '), b INTEGER);", 3, restore + "table t has other constraints" + undo},
		"a collation":           {"DROP TABLE t;", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x' COLLATE NOCASE CHECK (a <> ''), b INTEGER);", 3, restore + "column t.a is declared otherwise" + undo},
		"a reference":           {"DROP TABLE t;", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x' CHECK (a <> ''), b INTEGER REFERENCES t (id));", 3, restore + "table t has other constraints" + undo},
		"STRICT":                {"DROP TABLE t;", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x' CHECK (a <> ''), b INTEGER) STRICT;", 3, restore + "table t has other constraints" + undo},
		"several":               {"CREATE TABLE u (x);\nCREATE TABLE v (x);\nCREATE TABLE w (x);\nCREATE TABLE y (x);", "SELECT 1;", 6, restore + "table u is left, table v is left, table w is left and 1 more" + undo},
		"none":                  {"ALTER TABLE t ADD COLUMN c;", "", 1, "there is no Down, as other migrations here have: goose down would forget that this migration ran and undo nothing, and it could not run again; write under `-- +goose Down` what undoes it"},
		"empty":                 {"ALTER TABLE t ADD COLUMN c;", "-- It stays.", 3, "the Down is empty: goose down would forget that this migration ran and undo nothing, and it could not run again; write under `-- +goose Down` what undoes it"},
		"fails":                 {"ALTER TABLE t ADD COLUMN c;", "\nDROP TABLE\n\tnowhere;", 5, "the Down fails: no such table: nowhere (SQLite code 1): write statements that undo the Up, the last of it first"},
		"rolls back":            {"CREATE TABLE u (x UNIQUE);", "INSERT INTO u VALUES (1);\nINSERT OR ROLLBACK INTO u VALUES (1);", 5, "the Down fails: UNIQUE constraint failed: u.x (SQLite code 2067): write statements that undo the Up, the last of it first"},
		"leaves rows":           {"CREATE UNIQUE INDEX t_b ON t (b);\nINSERT INTO t VALUES (1, 'y', 2);", "DROP INDEX t_b;", 4, "after the Down the migration cannot run again: UNIQUE constraint failed: t.id (SQLite code 1555): undo in the Down also what it changes in rows"},
	} {
		t.Run(name, func(t *testing.T) {
			text := "-- +goose Up\n" + tt.up + "\n"
			if tt.down != "" {
				text += "-- +goose Down\n" + tt.down + "\n"
			}
			// What comes after is not held to account for it.
			fsys := files("00001_base.sql", base, "00002_case.sql", text, "00003_after.sql", "-- +goose Up\nCREATE TABLE z (x);\n-- +goose Down\nDROP TABLE z;\n")
			want := []sqlcheck.DownFinding{{File: "00002_case.sql", Line: tt.line, Message: tt.want}}
			if diff := cmp.Diff(want, reversible(t, fsys)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestADownThatRestoresTheSchemaInOtherWordsIsRight(t *testing.T) {
	for name, tt := range map[string]struct{ up, down string }{
		"ADD and DROP":        {"ALTER TABLE t ADD COLUMN c TEXT NOT NULL DEFAULT '';", "ALTER TABLE t DROP COLUMN c;"},
		"RENAME":              {"ALTER TABLE t RENAME TO u;", "ALTER TABLE u RENAME TO t;"},
		"RENAME COLUMN":       {"ALTER TABLE t RENAME COLUMN a TO c;", "ALTER TABLE t RENAME COLUMN c TO a;"},
		"a rebuild":           {"DROP TABLE t;", "create table n ([id] integer primary key, a Text not null default 'x', b INTEGER, check ( a<>'' ));\nALTER TABLE n RENAME TO t;"},
		"the same again":      {"DROP TABLE t;", base[len("-- +goose Up\n"):strings.Index(base, "-- +goose Down")]},
		"a trigger":           {"CREATE VIEW v AS SELECT a FROM t;\n-- +goose StatementBegin\nCREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;\n-- +goose StatementEnd", "DROP TRIGGER g;\nDROP VIEW v;"},
		"rows only":           {"INSERT INTO t VALUES (1, 'y', 2);", "DELETE FROM t;"},
		"rows without a Down": {"INSERT INTO t VALUES (1, 'y', 2);", ""},
		"nothing":             {"SELECT 1;", ""},
		"full text":           {"CREATE VIRTUAL TABLE f USING fts5(x);", "DROP TABLE f;"},
		"foreign keys":        {"CREATE TABLE p (id INTEGER PRIMARY KEY, t REFERENCES t (id));\nINSERT INTO t VALUES (1, 'y', 2);\nINSERT INTO p VALUES (1, 1);", "DELETE FROM t;\nDROP TABLE p;"},
	} {
		text := "-- +goose Up\n" + tt.up + "\n"
		if tt.down != "" {
			text += "-- +goose Down\n" + tt.down + "\n"
		}
		if found := reversible(t, files("00001_base.sql", base, "00002_case.sql", text)); len(found) > 0 {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestAProjectWithoutDownsIsNotAskedForThem(t *testing.T) {
	fsys := files("00001_a.sql", "-- +goose Up\nCREATE TABLE a (x);\n", "00002_b.sql", "-- +goose Up\nCREATE TABLE b (x);\n-- +goose Down\n-- No way back.\n")
	if found := reversible(t, fsys); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestTheReferenceApplicationCanBeTakenDown(t *testing.T) {
	for name, fsys := range map[string]fs.FS{"tenant": schema.Tenant, "global": schema.Global} {
		if found := reversible(t, fsys); len(found) > 0 {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestWhatCannotBeTriedIsAnErrorAsInOpen(t *testing.T) {
	const down = "-- +goose Down\nSELECT 1;\n"
	for name, tt := range map[string]struct {
		files fstest.MapFS
		want  []place
	}{
		"not a migration": {files("00001_a.sql", "SELECT 1;\n"), []place{{"00001_a.sql", 1}}},
		"a failing Up":    {files("00001_a.sql", "-- +goose Up\nSELECT 1;\n\nDROP TABLE nowhere;\n"+down), []place{{"00001_a.sql", 4}}},
	} {
		found, err := sqlcheck.Reversible(t.Context(), tt.files)
		if err == nil {
			t.Fatalf("%s: %+v", name, found)
		}
		if diff := cmp.Diff(tt.want, places(t, err)); diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func TestReversibleEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	endless := "-- +goose Up\nSELECT 1;\n-- +goose Down\nCREATE TABLE a AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;\n"
	if _, err := sqlcheck.Reversible(ctx, files("1_a.sql", endless)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
