package sqlite_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

var policyTables = []string{
	"CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)", "CREATE TABLE silo_meta (a)", "CREATE TABLE goose_db_version (a)",
	"CREATE VIRTUAL TABLE docs USING fts5(body, content='')", "CREATE VIRTUAL TABLE notes USING fts5(body)",
	"CREATE VIRTUAL TABLE places USING rtree(id, x0, x1)",
}

const (
	whyAttach = "ATTACH and VACUUM INTO are refused: a tenant's connection reaches no other file"
	whyDetach = "DETACH is refused: a tenant's connection reaches no other file"
	whyTx     = "transactions are begun and ended by Write and Read, not by SQL"
	whySchema = "the schema is changed by migrations only"
	whyPragma = " is refused: connections are set up by the runtime"
)

func TestApplicationSQLIsRefusedWhatIsNotItsOwn(t *testing.T) {
	c := memory(t, sqlite.Queries, policyTables...)
	for sql, why := range map[string]string{
		"ATTACH 'x.db' AS x":                   whyAttach,
		"ATTACH ':memory:' AS x":               whyAttach,
		"ATTACH '' AS x":                       whyAttach,
		"ATTACH ?1 AS x":                       whyAttach,
		"ATTACH 'x' || '.db' AS x":             whyAttach,
		"ATTACH (SELECT b FROM t) AS x":        whyAttach,
		"DETACH x":                             whyDetach,
		"DETACH ?1":                            whyDetach,
		"BEGIN":                                whyTx,
		"BEGIN IMMEDIATE":                      whyTx,
		"COMMIT":                               whyTx,
		"END":                                  whyTx,
		"ROLLBACK":                             whyTx,
		"SAVEPOINT x":                          whyTx,
		"RELEASE x":                            whyTx,
		"ROLLBACK TO x":                        whyTx,
		"CREATE TABLE u (a)":                   whySchema,
		"CREATE TABLE u AS SELECT 1":           whySchema,
		"CREATE TEMP TABLE u (a)":              whySchema,
		"CREATE INDEX i ON t (b)":              whySchema,
		"CREATE VIEW v AS SELECT 1":            whySchema,
		"CREATE TEMP VIEW v AS SELECT 1":       whySchema,
		"CREATE VIRTUAL TABLE f USING fts5(a)": whySchema,
		"CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END":      whySchema,
		"CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END": whySchema,
		"ALTER TABLE t RENAME TO u":                                   whySchema,
		"ALTER TABLE t ADD COLUMN c":                                  whySchema,
		"ALTER TABLE t DROP COLUMN b":                                 whySchema,
		"DROP TABLE t":                                                whySchema,
		"DROP TABLE notes":                                            whySchema,
		"ANALYZE":                                                     whySchema,
		"REINDEX":                                                     whySchema,
		"EXPLAIN DROP TABLE t":                                        whySchema,
		"INSERT INTO silo_meta VALUES (1)":                            "the table silo_meta may be read, not written",
		"UPDATE Silo_Meta SET a = 1":                                  "the table silo_meta may be read, not written",
		"DELETE FROM goose_db_version":                                "the table goose_db_version may be read, not written",
		"WITH x AS (SELECT 1) INSERT INTO silo_meta SELECT * FROM x":  "the table silo_meta may be read, not written",
		"PRAGMA journal_mode":                                         "PRAGMA journal_mode" + whyPragma,
		"PRAGMA Journal_Mode = delete":                                "PRAGMA journal_mode" + whyPragma,
		"PRAGMA main.foreign_keys = off":                              "PRAGMA foreign_keys" + whyPragma,
		"PRAGMA writable_schema = 1":                                  "PRAGMA writable_schema" + whyPragma,
		"PRAGMA page_size = 512":                                      "PRAGMA page_size" + whyPragma,
		"PRAGMA table_info(t)":                                        "PRAGMA table_info" + whyPragma,
		"PRAGMA wal_checkpoint(truncate)":                             "PRAGMA wal_checkpoint" + whyPragma,
		"PRAGMA optimize":                                             "PRAGMA optimize" + whyPragma,
		"SELECT * FROM pragma_table_info('t')":                        "PRAGMA table_info" + whyPragma,
		"VACUUM":                                                      whyAttach,
		"VACUUM INTO 'x.db'":                                          whyAttach,
	} {
		err := app(c, sql)
		var of *sqlite.Error
		if !errors.As(err, &of) || !errors.Is(err, sqlite.ErrNotAuthorized) || of.Message != why {
			t.Errorf("%s: got %v, want %q", sql, err, why)
		}
	}
	wantText(t, c, "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema WHERE name NOT GLOB '*_*' ORDER BY name)", "docs notes places t")
}

func TestTheSchemaTableIsNotWritten(t *testing.T) {
	for _, policy := range []sqlite.Policy{sqlite.Queries, sqlite.Migrations} {
		c := memory(t, policy, policyTables...)
		for _, sql := range []string{
			"DELETE FROM sqlite_schema", "UPDATE sqlite_schema SET sql = ''", "INSERT INTO sqlite_schema VALUES ('table', 'x', 'x', 0, '')",
			"DELETE FROM notes_content", "INSERT INTO notes_config VALUES ('x', 1)",
		} {
			if err := app(c, sql); err == nil {
				t.Errorf("policy %d: %s was allowed", policy, sql)
			}
		}
	}
}

func TestApplicationSQLMayDoAllThatIsItsOwn(t *testing.T) {
	c := memory(t, sqlite.Queries, policyTables...)
	for _, sql := range []string{
		"INSERT INTO t VALUES (1, 'a'), (2, 'b')",
		"INSERT INTO t VALUES (1, 'c') ON CONFLICT DO UPDATE SET b = excluded.b RETURNING a",
		"REPLACE INTO t VALUES (2, 'd')",
		"UPDATE t SET b = upper(b) FROM (SELECT 1) RETURNING b",
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n",
		"SELECT value FROM json_each('[1, 2]')",
		"SELECT a, row_number() OVER (ORDER BY b) FROM t",
		"SELECT * FROM sqlite_schema", "SELECT * FROM silo_meta", "SELECT * FROM goose_db_version",
		"PRAGMA data_version",
		"INSERT INTO places VALUES (1, 0, 1)", "SELECT id FROM places WHERE x0 <= 0.5 AND x1 >= 0.5", "DELETE FROM places",
		"DELETE FROM t",
	} {
		if err := app(c, sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestFullTextSearchWorksForApplicationSQL(t *testing.T) {
	c := memory(t, sqlite.Queries, policyTables...)
	for _, sql := range []string{
		"INSERT INTO notes VALUES ('the quick fox'), ('the slow dog')", "UPDATE notes SET body = 'the quick cat' WHERE notes MATCH 'dog'",
		"INSERT INTO notes(notes) VALUES ('optimize')", "INSERT INTO notes(notes) VALUES ('rebuild')", "INSERT INTO notes(notes) VALUES ('integrity-check')",
		"INSERT INTO notes(notes, rank) VALUES ('rank', 'bm25(10.0)')", "DELETE FROM notes WHERE notes MATCH 'fox'",
	} {
		if err := app(c, sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
	s := mustCache(t, c, "SELECT highlight(notes, 0, '<', '>') FROM notes WHERE notes MATCH ?1 ORDER BY rank")
	defer s.Reset()
	if err := s.BindText(1, "quick"); err != nil {
		t.Fatal(err)
	}
	if row, err := s.Step(); !row || err != nil || s.ColumnText(0) != "the <quick> cat" {
		t.Errorf("found %t, %v", row, err)
	}
}

func TestMigrationsMayChangeTheWholeDatabase(t *testing.T) {
	c := memory(t, sqlite.Migrations)
	for _, sql := range []string{
		"CREATE TABLE p (a INTEGER PRIMARY KEY)", "CREATE TABLE t (a INTEGER PRIMARY KEY, p INTEGER REFERENCES p)", "CREATE INDEX i ON t (p)",
		"CREATE VIEW v AS SELECT a FROM t", "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM p; END", "CREATE TEMP TABLE u (a)",
		"ALTER TABLE t ADD COLUMN b", "ALTER TABLE t RENAME COLUMN b TO c", "INSERT INTO t (c) VALUES (1)", "ANALYZE", "REINDEX",
		"PRAGMA foreign_keys = off", "PRAGMA defer_foreign_keys = on", "PRAGMA legacy_alter_table = on", "PRAGMA foreign_key_check",
		"ALTER TABLE t ADD COLUMN checked INTEGER CHECK (checked > 0)", // runs PRAGMA quick_check itself
		"PRAGMA foreign_key_list(t)", "PRAGMA table_info(t)", "PRAGMA table_xinfo(t)", "PRAGMA table_list", "PRAGMA index_list(t)",
		"PRAGMA index_info(i)", "PRAGMA index_xinfo(i)", "PRAGMA optimize", "DROP TRIGGER g", "DROP VIEW v", "DROP TABLE t",
		"CREATE VIRTUAL TABLE f USING fts5(a)", "DROP TABLE f",
		"PRAGMA encoding", `PRAGMA encoding = "UTF-8"`, "PRAGMA encoding = 'utf8'",
		"PRAGMA writable_schema = on", // which does nothing as long as SQLite is defensive
	} {
		if err := app(c, sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if err := app(c, "UPDATE sqlite_schema SET sql = ''"); err == nil {
		t.Error("the text of the schema may be edited")
	}
	for _, sql := range []string{
		"PRAGMA application_id = 1", "PRAGMA user_version = 1", "PRAGMA locking_mode = exclusive", "PRAGMA encoding = 'UTF-16'",
	} {
		if err := app(c, sql); !errors.Is(err, sqlite.ErrNotAuthorized) {
			t.Errorf("%s: got %v", sql, err)
		}
	}
}

func TestSettingsOfConnectionsDoNothingInAMigration(t *testing.T) {
	path := file(t)
	c := open(t, path, sqlite.Config{Policy: sqlite.Migrations})
	for setting, other := range map[string]string{"journal_mode": "delete", "synchronous": "off", "temp_store": "1", "cache_size": "7"} {
		before := text(t, c, "PRAGMA "+setting)
		if err := app(c, "PRAGMA "+setting+" = "+other); err != nil {
			t.Errorf("%s: %v", setting, err)
		}
		if after := text(t, c, "PRAGMA "+setting); after != before {
			t.Errorf("%s was %s and is %s", setting, before, after)
		}
	}
}

// In a schema what stands in double quotes may be a string, as SQLite's defaults have it;
// in a query it is a misspelt name.
func TestDoubleQuotesAreForNamesInQueriesAndForStringsTooInMigrations(t *testing.T) {
	c := memory(t, sqlite.Migrations, "CREATE TABLE t (a)")
	for _, sql := range []string{`CREATE TABLE u (a CHECK (a <> "text"))`, `CREATE TABLE v (a DEFAULT "text")`, `INSERT INTO t VALUES ("text")`} {
		if err := app(c, sql); err != nil {
			t.Errorf("in a migration %s: %v", sql, err)
		}
	}
	if err := c.SetPolicy(sqlite.Queries); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{`INSERT INTO t VALUES ("text")`, `SELECT a FROM t WHERE a = "text"`} {
		if err := app(c, sql); err == nil {
			t.Errorf("in a query %s was allowed", sql)
		}
	}
	if err := app(c, "INSERT INTO u VALUES ('other')"); err != nil {
		t.Errorf("the schema that migrations have made: %v", err)
	}
}

func TestQueriesCannotWriteToSQLitesOwnTables(t *testing.T) {
	c := memory(t, sqlite.Queries, "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a)", "ANALYZE")
	for _, sql := range []string{
		"INSERT INTO sqlite_sequence VALUES ('t', 5)", "DELETE FROM sqlite_sequence", "UPDATE sqlite_stat1 SET stat = ''",
		"UPDATE sqlite_dbpage SET data = x'' WHERE pgno = 1",
	} {
		if err := app(c, sql); err == nil || errors.Is(err, sqlite.ErrReadOnly) {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if err := app(c, "INSERT INTO t (a) VALUES (1)"); err != nil { // SQLite itself does
		t.Error(err)
	}
}

// Whatever the policy, and when the authorizer is not asked as well, a connection
// reaches no second file.
func TestNoConnectionReachesASecondFile(t *testing.T) {
	other := filepath.Join(folder(t), "other.db")
	for policy, name := range map[sqlite.Policy]string{sqlite.Queries: "Queries", sqlite.Migrations: "Migrations"} {
		t.Run(name, func(t *testing.T) {
			c := memory(t, policy)
			for _, sql := range []string{"ATTACH ?1 AS x", "ATTACH ?1 || '' AS x", "VACUUM INTO ?1"} {
				if err := app(c, sql, other); !errors.Is(err, sqlite.ErrNotAuthorized) {
					t.Errorf("%s: got %v", sql, err)
				}
				err := c.Trusted(func() error { return app(c, sql, other) })
				if err == nil || !strings.Contains(err.Error(), "too many attached databases") {
					t.Errorf("%s as the runtime's own: got %v", sql, err)
				}
			}
			if matches, err := filepath.Glob(other + "*"); err != nil || len(matches) > 0 {
				t.Errorf("there is %q now, %v", matches, err)
			}
		})
	}
}
