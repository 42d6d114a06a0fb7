package sqlcheck_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/tenantdb/sqlcheck"
)

// files makes a folder of migrations: names and texts in turn.
func files(namesAndTexts ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(namesAndTexts); i += 2 {
		fsys[namesAndTexts[i]] = &fstest.MapFile{Data: []byte(namesAndTexts[i+1])}
	}
	return fsys
}

// open opens a database with this schema.
func open(t testing.TB, schema string) *sqlcheck.DB {
	t.Helper()
	db, err := sqlcheck.Open(t.Context(), files("tenant/00001_schema.sql", "-- +goose Up\n"+schema))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return db
}

func describe(t testing.TB, db *sqlcheck.DB, sql string) sqlcheck.Statement {
	t.Helper()
	d, err := db.Describe(sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return d
}

func TestParametersAreCountedByNumber(t *testing.T) {
	db := open(t, "CREATE TABLE t (a, b);")
	for sql, want := range map[string]int{
		"SELECT 1":          0,
		"SELECT ?":          1,
		"SELECT ?, ?":       2,
		"SELECT ?1, ?1":     1,
		"SELECT ?1, ?3":     3,
		"SELECT ?2, ?":      3,
		"SELECT :a, @a, $a": 3,
		"SELECT :a, :b, :a": 2,
		"SELECT ?2, :a, ?1": 3,
		"INSERT INTO t VALUES (?1, ?2) RETURNING a=?3": 3,
		"SELECT a FROM t LIMIT ?1 OFFSET ?2":           2,
		"SELECT '?1', \"b\" FROM t -- ?2":              0,
	} {
		if got := describe(t, db, sql).Params; got != want {
			t.Errorf("%s has %d parameters, want %d", sql, got, want)
		}
	}
}

func TestStatementsThatReadAreTold(t *testing.T) {
	db := open(t, "CREATE TABLE t (a);\nCREATE VIRTUAL TABLE f USING fts5(x);\n")
	for sql, want := range map[string]bool{
		"SELECT * FROM t": true, "VALUES (1)": true, "WITH x AS (SELECT 1) SELECT * FROM x": true, "SELECT changes()": true, "SELECT * FROM f('a')": true,
		"INSERT INTO t VALUES (1)": false, "REPLACE INTO t VALUES (1)": false, "UPDATE t SET a = 1": false, "DELETE FROM t": false,
		"DELETE FROM t RETURNING a": false, "WITH x AS (SELECT 1) DELETE FROM t": false, "INSERT INTO f(f) VALUES ('optimize')": false,
	} {
		if got := describe(t, db, sql).ReadOnly; got != want {
			t.Errorf("%s: %t", sql, got)
		}
	}
}

func TestDescribingAStatementDoesNotRunIt(t *testing.T) {
	db := open(t, "CREATE TABLE t (a NOT NULL);\nCREATE TABLE u (a);\n")
	for range 2 {
		describe(t, db, "DELETE FROM t")
		describe(t, db, "INSERT INTO t VALUES (NULL)")
	}
}

// columns writes a statement's columns one a line: name, type, origin, and
// whether that is NOT NULL.
func columns(d sqlcheck.Statement) string {
	var out []string
	for _, c := range d.Columns {
		line := c.Name + " " + c.DeclType + " " + c.Table + "." + c.Origin
		if c.NotNull {
			line += " NOT NULL"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestColumnsAreTracedToTheSchema(t *testing.T) {
	db := open(t, `
CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT NOT NULL, x VARCHAR(20), g INTEGER NOT NULL AS (id + 1), bare);
CREATE TABLE text_key (k TEXT PRIMARY KEY, v);
CREATE TABLE keyed (k TEXT, l TEXT, v, PRIMARY KEY (k, l)) WITHOUT ROWID;
CREATE TABLE pair (k INTEGER, l INTEGER, PRIMARY KEY (k, l));
CREATE TABLE int_key (k INT PRIMARY KEY);
CREATE TABLE by_constraint (k INTEGER, v, PRIMARY KEY (k DESC));
CREATE TABLE small (k integer primary key autoincrement);
CREATE TABLE strict_key (k TEXT PRIMARY KEY, v ANY, n INTEGER NOT NULL) STRICT;
CREATE TABLE "odd name's" ("a column" INTEGER PRIMARY KEY, [b'c] TEXT NOT NULL);
CREATE VIEW seen AS SELECT id AS number, n, x || '!' AS loud FROM a;
CREATE VIRTUAL TABLE f USING fts5(body);
`)
	for sql, want := range map[string]string{
		"SELECT * FROM a":                                   "id INTEGER a.id NOT NULL\nn TEXT a.n NOT NULL\nx VARCHAR(20) a.x\ng INTEGER a.g NOT NULL\nbare  a.bare",
		"SELECT ID, N AS title FROM A":                      "id INTEGER a.id NOT NULL\ntitle TEXT a.n NOT NULL",
		"SELECT * FROM text_key":                            "k TEXT text_key.k\nv  text_key.v",
		"SELECT * FROM keyed":                               "k TEXT keyed.k NOT NULL\nl TEXT keyed.l NOT NULL\nv  keyed.v",
		"SELECT * FROM pair":                                "k INTEGER pair.k\nl INTEGER pair.l",
		"SELECT * FROM int_key":                             "k INT int_key.k",
		"SELECT * FROM by_constraint":                       "k INTEGER by_constraint.k NOT NULL\nv  by_constraint.v",
		"SELECT * FROM small":                               "k INTEGER small.k NOT NULL",
		"SELECT * FROM strict_key":                          "k TEXT strict_key.k NOT NULL\nv ANY strict_key.v\nn INTEGER strict_key.n NOT NULL",
		`SELECT * FROM "odd name's"`:                        "a column INTEGER odd name's.a column NOT NULL\nb'c TEXT odd name's.b'c NOT NULL",
		"SELECT * FROM seen":                                "number INTEGER a.id NOT NULL\nn TEXT a.n NOT NULL\nloud  .",
		"SELECT id + 1, count(*) AS c, NULL FROM a":         "id + 1  .\nc  .\nNULL  .",
		"SELECT a.n, b.n FROM a LEFT JOIN a b ON b.x = a.x": "n TEXT a.n NOT NULL\nn TEXT a.n NOT NULL",
		"SELECT s.n FROM (SELECT n FROM a) s":               "n TEXT a.n NOT NULL",
		"WITH c AS (SELECT id AS i FROM a) SELECT i FROM c": "i INTEGER a.id NOT NULL",
		"SELECT body FROM f":                                "body  f.body",
		"SELECT value FROM json_each('[]')":                 "value  json_each.value",
		"DELETE FROM a WHERE id = 1":                        "",
		"VALUES (1, 'x')":                                   "column1  .\ncolumn2  .",
	} {
		if diff := cmp.Diff(want, columns(describe(t, db, sql))); diff != "" {
			t.Errorf("%s:\n%s", sql, diff)
		}
	}
}

func TestReturningHasColumns(t *testing.T) {
	db := open(t, "CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT NOT NULL);\n")
	for sql, want := range map[string][]string{
		"INSERT INTO a (n) VALUES (?1) RETURNING *":            {"id", "n"},
		"UPDATE a SET n = ?1 RETURNING id AS number, n || '!'": {"number", "n || '!'"},
		"DELETE FROM a RETURNING id":                           {"id"},
	} {
		d := describe(t, db, sql)
		var got []string
		for _, c := range d.Columns {
			got = append(got, c.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" || d.ReadOnly {
			t.Errorf("%s: read only %t\n%s", sql, d.ReadOnly, diff)
		}
	}
}

func TestRefusedStatementsTellWhyAndWhere(t *testing.T) {
	db := open(t, "CREATE TABLE t (a);\n")
	for sql, want := range map[string]sqlcheck.Error{
		"SELECT nope FROM t":           {Message: "no such column: nope", Offset: 7},
		"SELECT 'é', nope FROM t":      {Message: "no such column: nope", Offset: 13},
		"SELECT a\nFORM t":             {Message: `near "t": syntax error`, Offset: 14},
		"SELECT a FROM nowhere":        {Message: "no such table: nowhere", Offset: -1},
		`SELECT "text"`:                {Message: `no such column: "text" - should this be a string literal in single-quotes?`, Offset: 7},
		"SELECT nope(1)":               {Message: "no such function: nope", Offset: 7},
		"SELECT":                       {Message: "incomplete input", Offset: -1},
		"":                             {Message: "there is no statement in the text", Offset: -1},
		"-- nothing":                   {Message: "there is no statement in the text", Offset: -1},
		"SELECT 1; SELECT 2":           {Message: "there is more than one statement in the text", Offset: 9},
		"SELECT '\x00'":                {Message: "the statement holds a NUL byte", Offset: 8},
		"ATTACH 'x' AS y":              {Message: "ATTACH and VACUUM INTO are refused: a tenant's connection reaches no other file", Offset: -1},
		"ATTACH ?1 AS y":               {Message: "ATTACH and VACUUM INTO are refused: a tenant's connection reaches no other file", Offset: -1},
		"PRAGMA foreign_keys":          {Message: "PRAGMA foreign_keys is refused: connections are set up by the runtime", Offset: -1},
		"BEGIN":                        {Message: "transactions are begun and ended by Write and Read, not by SQL", Offset: -1},
		"CREATE TABLE u (a)":           {Message: "the schema is changed by migrations only", Offset: -1},
		"DROP TABLE t":                 {Message: "the schema is changed by migrations only", Offset: -1},
		"DELETE FROM goose_db_version": {Message: "the table goose_db_version may be read, not written", Offset: -1},
		"DELETE FROM silo_migration":   {Message: "the table silo_migration may be read, not written", Offset: -1},
	} {
		d, err := db.Describe(sql)
		var of *sqlcheck.Error
		if !errors.As(err, &of) {
			t.Errorf("%q: got %+v, %v", sql, d, err)
			continue
		}
		if diff := cmp.Diff(want, *of); diff != "" || err.Error() != want.Message {
			t.Errorf("%q: %v\n%s", sql, err, diff)
		}
	}
}

func TestStrictTablesAreChecked(t *testing.T) {
	db := open(t, "CREATE TABLE s (i INTEGER, a ANY) STRICT;\n")
	if got := columns(describe(t, db, "SELECT i, a FROM s")); got != "i INTEGER s.i\na ANY s.a" {
		t.Error(got)
	}
	_, err := sqlcheck.Open(t.Context(), files("1_a.sql", "-- +goose Up\nCREATE TABLE s (i VARCHAR(20)) STRICT;\n"))
	var of *sqlcheck.MigrationError
	if !errors.As(err, &of) || of.File != "1_a.sql" || of.Line != 2 || !strings.Contains(err.Error(), `unknown datatype for s.i: "VARCHAR(20)"`) {
		t.Errorf("got %v", err)
	}
}
