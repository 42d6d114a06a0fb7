package migrate_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// widen edits a constraint as https://www.sqlite.org/lang_altertable.html#otheralter says.
const (
	narrow = "CREATE TABLE runs (id INTEGER PRIMARY KEY, by TEXT NOT NULL CHECK (by IN ('a', 'b')), email TEXT UNIQUE, note TEXT, free TEXT, word TEXT COLLATE NOCASE);\n" +
		"CREATE INDEX notes ON runs (note);\nCREATE INDEX some ON runs (id) WHERE id > 1;\nCREATE VIEW seen AS SELECT id FROM runs;\n" +
		"CREATE TABLE computed (n, twice AS (n * 2));\nINSERT INTO runs (by, email) VALUES ('b', 'a@b');"
	widen = `-- +goose Up
BEGIN TRANSACTION;
PRAGMA schema_version;
PRAGMA writable_schema=ON;
UPDATE sqlite_schema SET sql = replace(sql, '(''a'', ''b'')', '(''a'', ''b'', ''c'')') WHERE type = 'table' AND name = 'runs';
PRAGMA schema_version=1;
PRAGMA writable_schema=OFF;
PRAGMA integrity_check;
COMMIT;
-- +goose Down
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = replace(sql, '(''a'', ''b'', ''c'')', '(''a'', ''b'')') WHERE name = 'runs';
PRAGMA writable_schema = RESET;
`
	use = "INSERT INTO runs (by) VALUES ('c');"
)

func TestAMigrationMayEditTheTextOfTheSchema(t *testing.T) {
	for name, texts := range map[string][]string{
		"alone":                    {narrow, widen, use},
		"used at once":             {narrow, strings.Replace(widen, "PRAGMA writable_schema=OFF;\n", "PRAGMA writable_schema=RESET;\n"+use+"\n", 1)},
		"by a way to compare":      {narrow, strings.Replace(widen, "''c'')') WHERE type", "''c'' COLLATE NOCASE)') WHERE type", 1), use},
		"NO TRANSACTION":           {narrow, "-- +goose NO TRANSACTION\n" + widen, use},
		"without switching it off": {narrow, strings.NewReplacer("PRAGMA writable_schema=OFF;\n", "").Replace(widen), use},
	} {
		t.Run(name, func(t *testing.T) {
			path := newFile(t)
			conn := open(t, path, sqlite.Create)
			mustApply(t, conn, load(t, numbered(narrow)))
			other := open(t, path, sqlite.ReadWrite)
			if err := other.Exec(use); err == nil {
				t.Fatal("the constraint does not hold")
			}
			mustApply(t, conn, load(t, numbered(texts...)))
			exec(t, other, use) // which has read the schema as it was
			if got := rows(t, other, "SELECT count(*) FROM runs"); got[0] != "3" {
				t.Errorf("there are %s rows", got[0])
			}
			if err := conn.Exec("UPDATE sqlite_schema SET sql = ''"); err == nil {
				t.Error("the schema's text stays open to edits")
			}
			if err := conn.Exec("PRAGMA writable_schema = ON"); err != nil {
				t.Error(err)
			}
			if err := conn.Exec("UPDATE sqlite_schema SET sql = ''"); err == nil {
				t.Error("the connection is not defensive any more")
			}
		})
	}
}

func TestAnEditOfTheSchemaThatDoesNoGoodLeavesNothing(t *testing.T) {
	edit := func(set string) string {
		return "PRAGMA writable_schema = ON;\nUPDATE sqlite_schema SET " + set + " WHERE name = 'runs';"
	}
	replace := func(old, with, where string) string {
		return "PRAGMA writable_schema = ON;\nUPDATE sqlite_schema SET sql = replace(sql, '" + old + "', '" + with + "') WHERE " + where + ";"
	}
	const refused = "with writable_schema it changes "
	for name, tt := range map[string]struct{ text, want string }{
		"no SQL":                       {edit("sql = 'CREATE TABLE runs ('"), "malformed database schema (runs) - incomplete input"},
		"rows against it":              {edit("sql = replace(sql, '''b''', '''d''')"), "CHECK constraint failed in runs"},
		"NOT NULL against rows":        {replace("note TEXT", "note TEXT NOT NULL", "name = 'runs'"), "NULL value in runs.note"},
		"broken references":            {replace("by TEXT", "by TEXT REFERENCES runs (email)", "name = 'runs'"), "it leaves rows of table runs that refer to rows of runs"},
		"a page of another":            {edit("rootpage = 1"), "malformed database schema"},
		"then an error":                {edit("sql = replace(sql, '''b''', '''b'', ''c''')") + "\nINSERT INTO nowhere VALUES (1);", "no such table: nowhere"},
		"a collation":                  {replace("email TEXT", "email TEXT COLLATE NOCASE", "name = 'runs'"), refused + "runs"},
		"a collation without an index": {replace("free TEXT", "free TEXT COLLATE NOCASE", "name = 'runs'"), refused + "runs"},
		"a collation in quotes":        {replace("free TEXT", `free TEXT COLLATE"nocase"`, "name = 'runs'"), refused + "runs"},
		"a collation away":             {replace("TEXT COLLATE NOCASE", "TEXT", "name = 'runs'"), refused + "runs"},
		"another column's collation":   {replace("free TEXT, word TEXT COLLATE NOCASE", "free TEXT COLLATE NOCASE, word TEXT", "name = 'runs'"), refused + "runs"},
		"no table of the file":         {replace("CREATE TABLE", "CREATE TEMP TABLE", "name = 'runs'"), refused + "runs"},
		"a conflict's end":             {replace("UNIQUE", "UNIQUE ON CONFLICT REPLACE", "name = 'runs'"), refused + "runs"},
		"AUTOINCREMENT":                {replace("INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT", "name = 'runs'"), refused + "runs"},
		"a default":                    {replace("note TEXT", "note TEXT DEFAULT 1", "name = 'runs'"), refused + "runs"},
		"a column":                     {replace("note TEXT", "other, note TEXT", "name = 'runs'"), refused + "runs"},
		"a type":                       {replace("note TEXT", "note INTEGER", "name = 'runs'"), refused + "runs"},
		"the key":                      {replace("INTEGER PRIMARY KEY", "INTEGER", "name = 'runs'"), refused + "runs"},
		"STRICT":                       {edit("sql = sql || ' STRICT'"), refused + "runs"},
		"an index":                     {replace("(note)", "(by)", "name = 'notes'"), refused + "notes"},
		"a partial index":              {replace("id > 1", "id > 2", "name = 'some'"), refused + "some"},
		"a computed column":            {replace("n * 2", "n * 3", "name = 'computed'"), refused + "computed"},
		"a view":                       {replace("id", "by", "name = 'seen'"), refused + "seen"},
		"Silo's table":                 {replace("TEXT NOT NULL", "TEXT", "true"), refused + "silo_migration"},
		"goose's table":                {replace("is_applied INTEGER NOT NULL", "is_applied INTEGER", "true"), refused + "goose_db_version"},
		"a name":                       {edit("name = 'x', tbl_name = 'x', sql = replace(sql, 'runs', 'x')"), "malformed"},
		"a row away":                   {"PRAGMA writable_schema = ON;\nDELETE FROM sqlite_schema WHERE name = 'notes';", refused + "notes"},
		"a trigger by text":            {"PRAGMA writable_schema = ON;\nINSERT INTO sqlite_schema VALUES ('trigger', 'evil', 'goose_db_version', 0, 'CREATE TRIGGER evil AFTER INSERT ON goose_db_version BEGIN SELECT 1; END');", refused + "evil"},
		"DDL beside it":                {"PRAGMA writable_schema = ON;\nCREATE TABLE beside (a);", refused + "beside"},
		"pages":                        {"-- +goose Up\n-- +goose StatementBegin\n/* writable_schema */ UPDATE sqlite_dbpage SET data = data;\n-- +goose StatementEnd\n", "the pages of the file are written by SQLite alone"},
	} {
		t.Run(name, func(t *testing.T) {
			conn := open(t, newFile(t), sqlite.Create)
			mustApply(t, conn, load(t, numbered(narrow)))
			before := dump(t, conn)
			set := load(t, numbered(narrow, tt.text, "CREATE TABLE later (a);"))
			ran, err := apply(t.Context(), conn, set)
			var of *migrate.Error
			if !errors.Is(err, migrate.ErrFailed) || !errors.As(err, &of) || of.File != "00002_step.sql" || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") || len(ran) > 0 {
				t.Errorf("got %v, ran %q", err, ran)
			}
			if diff := cmp.Diff(before, dump(t, conn)); diff != "" {
				t.Errorf("it left\n%s", diff)
			}
			if err := conn.Exec(use); err == nil {
				t.Error("the edited constraint is in force")
			}
			if err := errors.Join(conn.Exec("PRAGMA writable_schema = ON"), conn.Exec("DELETE FROM sqlite_schema")); err == nil {
				t.Error("the connection is not defensive any more")
			}
			mustApply(t, conn, load(t, numbered(narrow, widen, use)))
		})
	}
}

func TestAnEditOfTheSchemaIsUndoneByItsDown(t *testing.T) {
	conn := memory(t)
	exec(t, conn, "BEGIN")
	set := load(t, numbered(narrow, widen))
	steps := migrate.NewSteps(conn)
	var texts []string
	for i, step := range []func() error{
		func() error { return steps.Up(t.Context(), set.Migrations[0]) },
		func() error { return steps.Up(t.Context(), set.Migrations[1]) },
		func() error { _, err := steps.Down(t.Context(), set.Migrations[1]); return err },
	} {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		texts = append(texts, strings.Join(rows(t, conn, "SELECT sql FROM sqlite_schema WHERE name = 'runs'"), ""))
	}
	if texts[0] == texts[1] || texts[0] != texts[2] {
		t.Errorf("the table is %q", texts)
	}
}

func TestBeginAndCommitInAMigrationDoNothing(t *testing.T) {
	conn := memory(t)
	mustApply(t, conn, load(t, numbered(
		"-- +goose NO TRANSACTION\n-- +goose Up\nPRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\nCREATE TABLE a (x);\nCOMMIT;\nPRAGMA foreign_keys = ON;",
		"BEGIN EXCLUSIVE TRANSACTION;\nINSERT INTO a VALUES (1);\nEND;",
		"-- +goose Up\n-- +goose StatementBegin\nBEGIN; INSERT INTO a VALUES (2); COMMIT;\n-- +goose StatementEnd",
	)))
	if got := rows(t, conn, "SELECT x FROM a"); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("there are %q", got)
	}
	before := dump(t, conn)
	_, err := apply(t.Context(), memory(t), load(t, numbered("BEGIN;\nCREATE TABLE a (x);\nCOMMIT;\nINSERT INTO nowhere VALUES (1);")))
	var of *migrate.Error
	if !errors.As(err, &of) || of.Line != 5 {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, dump(t, conn)); diff != "" {
		t.Error(diff)
	}
}

func TestABlockWithoutAStatementHurtsOnlyWhereGooseLosesALine(t *testing.T) {
	const hollow = "-- +goose StatementBegin\n-- Nothing to do.\n-- +goose StatementEnd\n"
	conn := memory(t)
	mustApply(t, conn, load(t, numbered(
		"-- +goose Up\nCREATE TABLE a (x);\n"+hollow+"-- +goose Down\n"+hollow,
		"-- +goose Up\n"+hollow+"\n-- A comment.\n-- +goose StatementBegin\nINSERT INTO a VALUES (1);\n-- +goose StatementEnd\nINSERT INTO a VALUES (2);\n",
		"-- +goose Up\n-- +goose StatementBegin\n/* Nothing. */\n-- +goose StatementEnd\nINSERT INTO a VALUES (3);\n",
	)))
	if got := rows(t, conn, "SELECT x FROM a"); !slices.Equal(got, []string{"1", "2", "3"}) {
		t.Errorf("there are %q", got)
	}
	_, err := migrate.Load(numbered("-- +goose Up\n" + hollow + "\nCREATE TABLE lost (x);\n"))
	const want = "00001_step.sql:6: invalid migrations: goose would pass over this line, behind a StatementBegin and StatementEnd with no statement between them; remove these two"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
