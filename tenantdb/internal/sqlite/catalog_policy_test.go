package sqlite_test

import (
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

var catalogTables = []string{
	"CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT REFERENCES silo_tenants ON DELETE CASCADE)",
	"CREATE TABLE silo_tenants (a TEXT PRIMARY KEY)",
	"CREATE TABLE silo_log (a)",
	"CREATE TABLE silo_file (a)", "CREATE TABLE silo_migration (a)", "CREATE TABLE silo_catalog_migration (a)",
	"CREATE TABLE silo_goose_db_version (a)", "CREATE TABLE goose_db_version (a)",
	"CREATE TRIGGER silo_notes AFTER INSERT ON silo_tenants BEGIN INSERT INTO silo_log VALUES (new.a); END",
	"CREATE TRIGGER forge AFTER DELETE ON t BEGIN INSERT INTO silo_log VALUES ('forged'); END",
}

func TestTheCatalogsStatementsWriteItsTablesAndNothingElseThatOthersMayNot(t *testing.T) {
	c := memory(t, sqlite.Queries, catalogTables...)
	const insert = "INSERT INTO silo_tenants VALUES ('acme')"
	refused := func(sql, why string) {
		t.Helper()
		if err := app(c, sql); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", sql, err, why)
		}
	}
	refused(insert, "the table silo_tenants may be read, not written")
	c.ServeCatalog()
	for _, sql := range []string{insert, "UPDATE silo_tenants SET a = 'globex'", "INSERT INTO t VALUES (1, 'globex')", "SELECT * FROM silo_log"} {
		if err := app(c, sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
	for _, record := range []string{"silo_file", "SILO_MIGRATION", "silo_catalog_migration", "silo_goose_db_version", "goose_db_version"} {
		refused("DELETE FROM "+record, "may be read, not written")
	}
	for sql, why := range map[string]string{
		"ATTACH ?1 AS x":                      whyAttach,
		"BEGIN":                               whyTx,
		"DROP TABLE silo_log":                 whySchema,
		"DROP TRIGGER silo_notes":             whySchema,
		"PRAGMA user_version = 1":             whyPragma,
		"DELETE FROM sqlite_schema":           "may not be modified",
		"SELECT load_extension('x')":          "load_extension is refused",
		`SELECT "misspelt" FROM silo_tenants`: "no such column",
	} {
		refused(sql, why)
	}
	refused("DELETE FROM silo_tenants", "the table silo_log may be read, not written") // by the application's trigger
	c.ServeApplication()
	refused("DELETE FROM silo_log", "the table silo_log may be read, not written")
}

func TestAStatementOfTheCatalogIsAskedAboutAgainWhenTheSchemaHasChanged(t *testing.T) {
	c := memory(t, sqlite.Queries, catalogTables...)
	c.ServeCatalog()
	const number, sql = 7, "INSERT INTO silo_log VALUES (1)"
	s, err := c.Numbered(number, sql)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.Step(); err != nil {
			t.Fatal(err)
		}
		s.Reset()
		exec(t, c, "CREATE TABLE more (a)", "DROP TABLE more")
	}
	c.ServeApplication()
	if _, err := s.Step(); err == nil {
		t.Error("it was run as the application's")
	}
	s.Reset()
}

func TestMigrationsOfTheCatalogMakeItsTablesAndThoseOfApplicationsDoNot(t *testing.T) {
	catalog := memory(t, sqlite.CatalogMigrations, catalogTables...)
	for _, sql := range []string{
		"CREATE TABLE silo_more (a)", "CREATE INDEX silo_i ON silo_log (a)", "DROP TRIGGER silo_notes", "ALTER TABLE silo_log ADD COLUMN b",
		"INSERT INTO silo_log VALUES (1, 2)", "DROP TABLE silo_more",
	} {
		if err := app(catalog, sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
	for _, sql := range []string{"DROP TABLE silo_file", "DELETE FROM silo_migration", "UPDATE goose_db_version SET a = 1", "DROP TABLE silo_goose_db_version", "ATTACH 'x' AS y"} {
		if err := app(catalog, sql); err == nil {
			t.Errorf("%s: not refused", sql)
		}
	}
	application := memory(t, sqlite.Migrations, catalogTables...)
	for _, sql := range []string{
		"DROP TRIGGER silo_notes", "DROP TABLE silo_log", "DELETE FROM silo_tenants", "CREATE INDEX i ON silo_tenants (a)",
		"CREATE TRIGGER x AFTER INSERT ON silo_log BEGIN SELECT 1; END", "ALTER TABLE silo_log ADD COLUMN b", "CREATE VIEW silo_v AS SELECT 1", "DROP TABLE silo_goose_db_version",
	} {
		if err := app(application, sql); err == nil || !strings.Contains(err.Error(), "is not the application's") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}
