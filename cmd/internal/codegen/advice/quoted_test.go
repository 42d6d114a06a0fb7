package advice_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen/advice"
	"github.com/silokit/silo/tenantdb/sqlcheck"
)

func TestStringsInDoubleQuotesAreFound(t *testing.T) {
	strict, err := sqlcheck.OpenStrict(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := strict.Close(); err != nil {
			t.Error(err)
		}
	}()
	files := []advice.File{
		{Path: "1.sql", Text: `-- +goose Up
CREATE TABLE "order" ("id" INTEGER PRIMARY KEY, state TEXT CHECK (state IN ("new", 'old', "it's")), "note" TEXT DEFAULT "none");
-- A name of its own is none.
INSERT INTO "order" ("state", note) VALUES ("new", "id"), ('old', "order");
CREATE INDEX "by state" ON "order" (state) WHERE state = "new";
-- +goose Down
DELETE FROM "order" WHERE state = "gone";
`},
		{Path: "2.sql", Text: "-- +goose Up\nUPDATE \"order\" SET note = \"id\" || \"é\", state =\n  \"old\";\nINSERT INTO nowhere VALUES (\"new\");\n"},
	}
	if !advice.HasQuoted(files) {
		t.Error("there is nothing in double quotes")
	}
	const why = " is a string here only because no column is called so: write "
	want := []string{
		`1.sql:2:77: "new"` + why + `'new'`,
		`1.sql:2:91: "it's"` + why + `'it''s'`,
		`1.sql:4:45: "new"` + why + `'new'`,
		`1.sql:4:52: "id"` + why + `'id'`,
		`1.sql:4:67: "order"` + why + `'order'`,
		`1.sql:5:58: "new"` + why + `'new'`,
		`2.sql:2:35: "é"` + why + `'é'`,
		`2.sql:3:3: "old"` + why + `'old'`,
	}
	var got []string
	for _, f := range advice.Quoted(files, strict.Run) {
		got = append(got, fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheAnnotationNoTransactionIsSaidToMeanNothing(t *testing.T) {
	files := []advice.File{{Path: "1.sql", Text: "-- Why.\n-- +goose NO TRANSACTION\n-- +goose Up\nCREATE TABLE t (a);\n"}, {Path: "2.sql", Text: "-- +goose Up\n-- no transaction\n"}}
	const want = "1.sql:2:1: NO TRANSACTION is passed over: all pending migrations of a tenant run in one transaction, and what cannot, such as VACUUM, fails: leave the annotation out if it is not released yet"
	if got := say(advice.Read(files, nil).Findings()); got != want {
		t.Errorf("it says %q", got)
	}
}

func TestSettingsOfConnectionsInMigrationsAreSaidToMeanNothing(t *testing.T) {
	files := []advice.File{{Path: "1.sql", Text: "-- +goose Up\nPRAGMA journal_mode = WAL;\nPRAGMA foreign_keys = OFF;\nCREATE TABLE t (a);\n"}}
	const want = "1.sql:2:1: PRAGMA journal_mode is passed over: the runtime sets connections up by itself: leave it out if the migration is not released yet"
	if got := say(advice.Read(files, nil).Findings()); got != want {
		t.Errorf("it says %q", got)
	}
}

func TestWhatDoesNothingInAMigrationIsSaid(t *testing.T) {
	const text = `-- +goose Up
BEGIN IMMEDIATE;
CREATE TABLE t (a);
-- +goose StatementBegin
CREATE TRIGGER r AFTER INSERT ON t BEGIN
	SELECT 1;
END;
-- +goose StatementEnd
PRAGMA main.[writable_schema] = ON;
PRAGMA writable_schema = OFF;
PRAGMA writable_schema(0);
PRAGMA writable_schema = 'reset';
PRAGMA writable_schema;
PRAGMA schema_version;
PRAGMA schema_version = 7;
COMMIT;
`
	const want = "1.sql:2:1: BEGIN is passed over: all pending migrations of a tenant run in one transaction: leave it out if the migration is not released yet\n" +
		"1.sql:9:1: with writable_schema nothing but CHECK, NOT NULL and REFERENCES of tables can be changed, and each tenant's file is checked whole before the migration counts as run: a new table to which the rows are copied needs no such care\n" +
		"1.sql:15:1: PRAGMA schema_version is passed over: the runtime sets connections up by itself: leave it out if the migration is not released yet\n" +
		"1.sql:16:1: COMMIT is passed over: all pending migrations of a tenant run in one transaction: leave it out if the migration is not released yet"
	if got := say(advice.Read([]advice.File{{Path: "1.sql", Text: text}}, nil).Findings()); got != want {
		t.Errorf("it says\n%s", got)
	}
}
