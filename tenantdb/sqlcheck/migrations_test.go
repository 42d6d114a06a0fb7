package sqlcheck_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// place is where a MigrationError says that the mistake is.
type place struct {
	File string
	Line int
}

// places are those of all errors that err joins.
func places(t *testing.T, err error) (out []place) {
	t.Helper()
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			out = append(out, places(t, e)...)
		}
		return out
	}
	var of *sqlcheck.MigrationError
	if !errors.As(err, &of) {
		t.Fatalf("got %v", err)
	}
	return []place{{of.File, of.Line}}
}

func TestWrongMigrationsAreToldByFileAndLine(t *testing.T) {
	const up = "-- +goose Up\nSELECT 1;\n"
	for name, tt := range map[string]struct {
		files fstest.MapFS
		want  []place
		text  string
	}{
		"statement": {files("tenant/00001_a.sql", "-- +goose Up\n\nCREATE TABLE a (x,);\n"), []place{{"00001_a.sql", 3}},
			"00001_a.sql:3: migration failed: near \")\": syntax error (SQLite code 1)"},
		"in the second": {files("00001_a.sql", up, "00002_b.sql", "-- +goose Up\nDROP TABLE a;\n"), []place{{"00002_b.sql", 2}},
			"00002_b.sql:2: migration failed: no such table: a (SQLite code 1)"},
		"none": {files(), []place{{"", 0}}, "invalid migrations: there is no .sql file; embed the folder, as in //go:embed tenant/*.sql"},
		"several": {files("1_a.sql", "", "2_b.sql", "--+goose Up\n", "3_c.sql", up), []place{{"1_a.sql", 1}, {"2_b.sql", 1}},
			"1_a.sql:1: invalid migrations: there is no line `-- +goose Up`\n2_b.sql:1: invalid migrations: write the annotation as `-- +goose Up`: goose and sqlc do not both read other forms"},
		"order": {files("9_a.sql", up, "10_b.sql", up), []place{{"10_b.sql", 0}},
			"10_b.sql: invalid migrations: sorts before 9_a.sql by name but after it by number; pad the numbers to the same width"},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := sqlcheck.Open(t.Context(), tt.files)
			if err == nil {
				t.Fatal(db.Close())
			}
			if diff := cmp.Diff(tt.want, places(t, err)); diff != "" || err.Error() != tt.text {
				t.Errorf("got  %v\nwant %s\n%s", err, tt.text, diff)
			}
		})
	}
}

// With enforcement on, dropping the old table would fail for its children.
func TestARebuildOfAParentRunsAsItDoesOnATenant(t *testing.T) {
	db := open(t, `CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (p INTEGER NOT NULL REFERENCES p);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1);
CREATE TABLE p_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '');
INSERT INTO p_new (id) SELECT id FROM p;
DROP TABLE p;
ALTER TABLE p_new RENAME TO p;
`)
	if got := columns(describe(t, db, "SELECT name FROM p")); got != "name TEXT p.name NOT NULL" {
		t.Error(got)
	}
}

func TestOpenEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	endless := "-- +goose Up\nCREATE TABLE a AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;\n"
	if _, err := sqlcheck.Open(ctx, files("1_a.sql", endless)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestDigestIsOfNamesAndBytesNotOfTheFolder(t *testing.T) {
	const up = "-- +goose Up\nSELECT 1;\n"
	digest := func(fsys fstest.MapFS) string {
		t.Helper()
		d, err := sqlcheck.Digest(fsys)
		if err != nil || len(d) != 64 {
			t.Fatalf("%q, %v", d, err)
		}
		return d
	}
	want := digest(files("1_a.sql", up))
	if got := digest(files("schema/tenant/1_a.sql", up, "schema/tenant/README.md", "x")); got != want {
		t.Error("the folder counts")
	}
	for name, other := range map[string]fstest.MapFS{"name": files("1_b.sql", up), "byte": files("1_a.sql", up+"\n"), "file": files("1_a.sql", up, "2_b.sql", up)} {
		if digest(other) == want {
			t.Errorf("the %s does not count", name)
		}
	}
	_, err := sqlcheck.Digest(files("a.sql", up))
	if diff := cmp.Diff([]place{{"a.sql", 0}}, places(t, err)); diff != "" {
		t.Error(diff)
	}
}
