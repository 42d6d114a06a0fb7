package tenantdb_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// Schemas whose migrations do more than make tables.
type (
	rich    struct{ tenantdb.Tenant } // with rows, a rebuild, an FTS index, a trigger, a view
	secret  struct{ tenantdb.Tenant } // with something random
	dated   struct{ tenantdb.Tenant } // with a time
	curious struct{ tenantdb.Tenant } // with what the tenant is called
	large   struct{ tenantdb.Tenant } // with more rows than are kept in memory
)

func (rich) Migrations() fs.FS {
	return files(notes1, notes2, notes3, `-- +goose Up
CREATE VIRTUAL TABLE found USING fts5 (body);
INSERT INTO found VALUES ('a word'), ('two words');
CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT, at TEXT NOT NULL DEFAULT (datetime('now')));
-- +goose StatementBegin
CREATE TRIGGER noted AFTER INSERT ON notes BEGIN
	INSERT INTO log (what, at) VALUES (new.body, 'then');
END;
-- +goose StatementEnd
CREATE VIEW recent AS SELECT * FROM log WHERE at > datetime('now', '-1 day');
INSERT INTO notes (body) VALUES ('welcome'), ('how to begin');
CREATE TABLE filler (id INTEGER PRIMARY KEY, body BLOB);
INSERT INTO filler (body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) SELECT zeroblob(1000 + i) FROM n;
DELETE FROM filler WHERE id % 3 = 0;
`)
}
func (s rich) Origin() tenantdb.Origin   { return origin("rich", s.Migrations()) }
func (secret) Migrations() fs.FS         { return withRow("hex(randomblob(16))") }
func (s secret) Origin() tenantdb.Origin { return origin("secret", s.Migrations()) }
func (dated) Migrations() fs.FS {
	return files("-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);\nINSERT INTO notes (id) VALUES (1);\n")
}
func (s dated) Origin() tenantdb.Origin   { return origin("dated", s.Migrations()) }
func (curious) Migrations() fs.FS         { return withRow("(SELECT tenant FROM silo_file)") }
func (s curious) Origin() tenantdb.Origin { return origin("curious", s.Migrations()) }
func (large) Migrations() fs.FS           { return withRow("zeroblob(5000000)") }
func (s large) Origin() tenantdb.Origin   { return origin("large", s.Migrations()) }

func withRow(value string) fs.FS {
	return files("-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, body NOT NULL);\nINSERT INTO notes (body) VALUES (" + value + ");\n")
}

// dump is all that a file holds but what is its own: tenant, incarnation and times.
func dump(t *testing.T, path string) (out []string) {
	t.Helper()
	header, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// https://www.sqlite.org/fileformat2.html#the_database_header, but for the counters
	// of changes and the number of pages.
	out = append(out, fmt.Sprintf("header %x %x", header[:24], header[44:92]))
	conn, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	rows := func(sql string) {
		t.Helper()
		err := conn.Query(sql, func(row *sqlite.Stmt) {
			line := sql
			for i := range row.ColumnCount() {
				line += fmt.Sprintf(" | %v %q", row.ColumnType(i), row.ColumnText(i))
			}
			out = append(out, line)
		})
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	for _, pragma := range []string{"application_id", "user_version", "page_size", "page_count", "freelist_count", "encoding", "auto_vacuum", "journal_mode", "integrity_check", "foreign_key_check"} {
		rows("PRAGMA " + pragma)
	}
	rows("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY rowid")
	rows("SELECT id, version_id, is_applied, length(tstamp), typeof(tstamp) FROM goose_db_version ORDER BY id")
	rows("SELECT one, schema, kind, length(incarnation), length(created_at) FROM silo_file")
	var tables []string
	err = conn.Query("SELECT name FROM pragma_table_list WHERE type IN ('table', 'virtual', 'shadow') AND name NOT IN ('goose_db_version', 'silo_file', 'sqlite_schema', 'sqlite_temp_schema')",
		func(row *sqlite.Stmt) { tables = append(tables, row.ColumnText(0)) })
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		rows("SELECT * FROM " + table + " ORDER BY 1")
	}
	return out
}

// ask returns the first column of the first row of SQL on a file that nobody has open.
func ask(t *testing.T, path, sql string) (out string) {
	t.Helper()
	conn, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.QueryRow(sql, func(row *sqlite.Stmt) { out = row.ColumnText(0) }); err != nil {
		t.Fatal(err)
	}
	return out
}

func sameAsMigrated[S tenantdb.TenantSchema](t *testing.T) {
	t.Helper()
	dir := tenanttest.Dir(t, tenantdb.Options{})
	store := openStore[S](t, dir)
	tenantdb.CreateByMigrating(t, store, tenanttest.ID(t, "migrated"))
	want := dump(t, filepath.Join(dir.Path(), "tenants", "migrated.db"))
	if len(want) < 20 {
		t.Fatalf("there is little to compare: %q", want)
	}
	for _, name := range []string{"a", strings.Repeat("b", 63)} {
		if err := store.Create(t.Context(), tenanttest.ID(t, name)); err != nil {
			t.Fatal(err)
		}
		got := dump(t, filepath.Join(dir.Path(), "tenants", name+".db"))
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || got[i] != want[i] {
				t.Fatalf("%s differs at %d of %d and %d:\n%q\n%q", name, i, len(got), len(want), got[i:min(i+1, len(got))], want[i:min(i+1, len(want))])
			}
		}
	}
	if !tenantdb.HasTemplate(store) {
		t.Error("there is no template, it was compared with itself")
	}
}

func TestACopyOfTheTemplateIsWhatTheMigrationsMake(t *testing.T) {
	t.Run("one migration", sameAsMigrated[notes])
	t.Run("three", sameAsMigrated[notesLater])
	t.Run("ten", sameAsMigrated[ten])
	t.Run("rich", sameAsMigrated[rich])
}

func TestWhatIsATenantsOwnIsItsOwnInACopy(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	store := openStore[rich](t, dir)
	var incarnations []string
	for _, name := range []string{"first", "second", "third"} {
		before := time.Now().UTC().Add(-time.Second)
		if err := store.Create(t.Context(), tenanttest.ID(t, name)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir.Path(), "tenants", name+".db")
		if got := ask(t, path, "SELECT tenant FROM silo_file"); got != name {
			t.Errorf("%s says it is of %q", name, got)
		}
		incarnations = append(incarnations, ask(t, path, "SELECT incarnation FROM silo_file"))
		after := time.Now().UTC().Add(time.Second)
		for sql, layout := range map[string]string{
			"SELECT created_at FROM silo_file":         "2006-01-02 15:04:05.000",
			"SELECT min(tstamp) FROM goose_db_version": time.DateTime,
			"SELECT max(tstamp) FROM goose_db_version": time.DateTime,
		} {
			at, err := time.Parse(layout, ask(t, path, sql))
			if err != nil || at.Before(before) || at.After(after) {
				t.Errorf("%s: %s is %v, %v", name, sql, at, err)
			}
		}
	}
	slices.Sort(incarnations)
	if n := len(slices.Compact(incarnations)); n != 3 || len(incarnations[0]) != 32 {
		t.Errorf("incarnations: %q", incarnations)
	}
}

// runForEach wants the rows that a schema's migrations make for two tenants, and no
// template.
func runForEach[S tenantdb.TenantSchema](t *testing.T) (a, b string) {
	t.Helper()
	dir := tenanttest.Dir(t, tenantdb.Options{})
	store := openStore[S](t, dir)
	for _, name := range []string{"a", "b"} {
		if err := store.Create(t.Context(), tenanttest.ID(t, name)); err != nil {
			t.Fatal(err)
		}
	}
	if tenantdb.HasTemplate(store) {
		t.Error("they are copies")
	}
	body := func(name string) string {
		return ask(t, filepath.Join(dir.Path(), "tenants", name+".db"), "SELECT body FROM notes")
	}
	return body("a"), body("b")
}

func TestMigrationsWhoseOutcomeVariesRunForEachTenant(t *testing.T) {
	if a, b := runForEach[secret](t); a == b || len(a) != 32 {
		t.Errorf("two tenants share the random %q, %q", a, b)
	}
	if a, _ := runForEach[dated](t); len(a) != len(time.DateTime) {
		t.Errorf("the time is %q", a)
	}
	if a, b := runForEach[curious](t); a != "a" || b != "b" {
		t.Errorf("the tenants are %q, %q", a, b)
	}
	if a, b := runForEach[large](t); len(a) != 5_000_000 || a != b {
		t.Errorf("there are %d bytes", len(a))
	}
}

func TestATemplateThatHasChangedInMemoryBecomesNoTenant(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	store := openStore[rich](t, dir)
	if err := store.Create(t.Context(), tenanttest.ID(t, "sound")); err != nil {
		t.Fatal(err)
	}
	want := dump(t, filepath.Join(dir.Path(), "tenants", "sound.db"))
	for name, spoil := range map[string]func([]byte) []byte{
		"flipped":   func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		"header":    func(b []byte) []byte { b[0] = 0; return b },
		"truncated": func(b []byte) []byte { return b[:len(b)-4096] },
		"emptied":   func(b []byte) []byte { return b[:0] },
	} {
		tenantdb.SpoilTemplate(store, spoil)
		if err := store.Create(t.Context(), tenanttest.ID(t, name)); err != nil {
			t.Fatal(err)
		}
		if got := dump(t, filepath.Join(dir.Path(), "tenants", name+".db")); !slices.Equal(got, want) {
			t.Errorf("%s has become a tenant", name)
		}
	}
}

// What SQLite has of the template serves one tenant after the other.
func TestWhatHasChangedInSQLitesMemoryBecomesNoTenant(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	store := openStore[rich](t, dir)
	if err := store.Create(t.Context(), tenanttest.ID(t, "sound")); err != nil {
		t.Fatal(err)
	}
	want := dump(t, filepath.Join(dir.Path(), "tenants", "sound.db"))
	for name, spoil := range map[string]string{
		"another-schema": "UPDATE silo_file SET schema = 'another'",
		"no-history":     "UPDATE goose_db_version SET is_applied = 0",
		"other-rows":     "DELETE FROM notes",
		"more-pages":     "INSERT INTO filler (body) VALUES (zeroblob(100000))",
		"a-transaction":  "BEGIN",
	} {
		if err := tenantdb.SpoilPress(store, spoil); err != nil {
			t.Fatal(err)
		}
		err := store.Create(t.Context(), tenanttest.ID(t, name))
		if name == "a-transaction" && err != nil {
			err = store.Create(t.Context(), tenanttest.ID(t, name)) // that one has ended it
		}
		if err != nil {
			t.Fatal(name, err)
		}
		if got := dump(t, filepath.Join(dir.Path(), "tenants", name+".db")); !slices.Equal(got, want) {
			t.Errorf("%s has become a tenant", name)
		}
	}
}

func TestNothingOfOneTenantIsInTheFileOfTheNext(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	store := openStore[notes](t, dir)
	long := strings.Repeat("x", tenantdb.MaxIDLength)
	for _, name := range []string{long, "acme"} {
		if err := store.Create(t.Context(), tenanttest.ID(t, name)); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(filepath.Join(dir.Path(), "tenants", "acme.db"))
	if err != nil || strings.Contains(string(content), "xxxx") || !strings.Contains(string(content), "acme") {
		t.Errorf("the first one's name is in it, or its own is not: %v", err)
	}
}

func TestABrokenMigrationIsToldByCreateAndNothingIsLeft(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	store := openStore[notesBroken](t, dir)
	for range 2 {
		if err := store.Create(t.Context(), tenanttest.ID(t, "acme")); err == nil || !strings.Contains(err.Error(), "00002_folders.sql:4") {
			t.Errorf("got %v", err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir.Path(), "tenants", "*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
