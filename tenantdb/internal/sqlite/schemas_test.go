package sqlite_test

import (
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// schemas are kept until the end of the test.
func schemas(t testing.TB) *sqlite.Schemas {
	kept := new(sqlite.Schemas)
	t.Cleanup(kept.Close)
	return kept
}

// visit opens the file, runs SQL of the runtime's own, tells whether the schema was one
// that another connection had left, and closes the file.
func visit(t testing.TB, kept *sqlite.Schemas, path string, statements ...string) (adopted bool) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Schemas: kept})
	if err != nil {
		t.Fatal(err)
	}
	adopted = c.Adopted()
	exec(t, c, statements...)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return adopted
}

var everything = []string{
	"CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT UNIQUE CHECK (name <> ''))",
	"CREATE TABLE child (id INTEGER PRIMARY KEY AUTOINCREMENT, parent REFERENCES parent ON DELETE CASCADE, n DEFAULT (1 + 1), double AS (n * 2))",
	"CREATE INDEX child_n ON child (abs(n)) WHERE n > 0",
	"CREATE VIEW both AS SELECT name, n FROM parent JOIN child ON child.parent = parent.id",
	"CREATE VIRTUAL TABLE search USING fts5 (name)",
	"CREATE VIRTUAL TABLE area USING rtree (id, a, b)",
	"CREATE TRIGGER parent_insert AFTER INSERT ON parent BEGIN INSERT INTO search (rowid, name) VALUES (new.id, new.name); END",
}

var useAll = []string{
	"INSERT INTO parent (name) VALUES ('p')", "INSERT INTO child (parent) SELECT max(id) FROM parent",
	"SELECT * FROM both", "SELECT rowid FROM search('p')", "INSERT INTO area VALUES (1, 0, 1)", "SELECT * FROM area WHERE a < 1",
	"DELETE FROM parent", "SELECT abs(n) FROM child WHERE n > 0 ORDER BY abs(n)", "DELETE FROM area", "DELETE FROM search",
}

func TestASchemaGoesFromOneFileToTheNext(t *testing.T) {
	kept := schemas(t)
	one, other := file(t, everything...), file(t, everything...)
	if visit(t, kept, one, useAll...) {
		t.Error("the first connection found a schema")
	}
	for i := range 20 {
		if !visit(t, kept, []string{other, one}[i%2], useAll...) || kept.Kept() != 1 {
			t.Fatalf("visit %d: no schema was handed on; kept are %d", i, kept.Kept())
		}
	}
}

func TestAConnectionWithASchemaOfAnothersDoesAllOfItsOwn(t *testing.T) {
	kept := schemas(t)
	path := file(t, everything...)
	visit(t, kept, path)
	c := open(t, path, sqlite.Config{Schemas: kept})
	reader := open(t, path, sqlite.Config{Schemas: kept, Mode: sqlite.ReadOnly})
	if !c.Adopted() || reader.Adopted() {
		t.Fatal("one of two has what was left")
	}
	exec(t, c, "INSERT INTO parent (name) VALUES ('p')", "INSERT INTO child (parent) VALUES (1)")
	wantText(t, reader, "SELECT name || n FROM both", "p2")
	wantText(t, reader, "SELECT double FROM child", "4")
	if err := c.Exec("INSERT INTO child (parent) VALUES (2)"); err == nil {
		t.Error("a foreign key is not enforced")
	}
	if err := c.Exec("INSERT INTO parent (name) VALUES ('')"); err == nil {
		t.Error("a CHECK is not enforced")
	}
	exec(t, c, "DELETE FROM parent")
	wantText(t, reader, "SELECT count(*) FROM child", "0")
	wantText(t, c, "PRAGMA integrity_check", "ok")
}

func TestAFileOfAnotherSchemaIsNotTakenForOne(t *testing.T) {
	const usual = "CREATE TABLE t (a)"
	for name, setup := range map[string][]string{
		"another column":       {"CREATE TABLE t (b)"},
		"another name":         {"CREATE TABLE u (a)"},
		"a view":               {"CREATE VIEW t AS SELECT 1 AS a"},
		"an object more":       {usual, "CREATE TABLE u (a)"},
		"none":                 {"PRAGMA user_version=1"},
		"another page of root": {"PRAGMA auto_vacuum=full", usual},
		"another encoding":     {"PRAGMA encoding='UTF-16le'", usual},
	} {
		t.Run(name, func(t *testing.T) {
			kept := schemas(t)
			visit(t, kept, file(t, usual, "INSERT INTO t VALUES ('usual')"))
			other := file(t, append(setup, "CREATE TABLE last (x)", "INSERT INTO last VALUES ('other')", "DROP TABLE last")...)
			same := file(t, setup...)
			for _, path := range []string{same, other} {
				plain, with := open(t, path, sqlite.Config{}), open(t, path, sqlite.Config{Schemas: kept})
				if with.Adopted() {
					t.Error("it was taken for the usual one")
				}
				const all = "SELECT group_concat(name || sql || rootpage) FROM sqlite_schema"
				wantText(t, with, all, text(t, plain, all))
				wantText(t, with, "SELECT group_concat(m.name || c.name) FROM sqlite_schema m, pragma_table_info(m.name) c",
					text(t, plain, "SELECT group_concat(m.name || c.name) FROM sqlite_schema m, pragma_table_info(m.name) c"))
				wantText(t, with, "PRAGMA integrity_check", "ok")
			}
		})
	}
}

// Whose schemas were changed as often, though.
func TestAFileOfFewerObjectsIsNotTakenForOneOfMore(t *testing.T) {
	kept := schemas(t)
	visit(t, kept, file(t, "CREATE TABLE t (a)", "CREATE TABLE u (a)", "CREATE TABLE v (a)"))
	c := open(t, file(t, "CREATE TABLE t (a)", "CREATE TABLE u (a)", "DROP TABLE u"), sqlite.Config{Schemas: kept})
	if c.Adopted() {
		t.Error("it was taken for it")
	}
	if err := c.Exec("SELECT a FROM u"); err == nil {
		t.Error("it has a table that is not there")
	}
}

func TestASchemaThatWasChangedIsReadAnew(t *testing.T) {
	kept := schemas(t)
	path := file(t, "CREATE TABLE t (a)")
	visit(t, kept, path)
	for i, change := range []func(){
		func() { visit(t, nil, path, "ALTER TABLE t ADD COLUMN b0") }, // while nobody has it open
		func() { // while it is open, by another connection
			c := open(t, path, sqlite.Config{Schemas: kept})
			visit(t, nil, path, "ALTER TABLE t ADD COLUMN b1")
			wantText(t, c, "SELECT count(b1) FROM t", "0")
		},
		func() { visit(t, kept, path, "ALTER TABLE t ADD COLUMN b2") }, // by its own connection
		func() { // in a transaction that is undone
			visit(t, kept, path, "BEGIN", "ALTER TABLE t ADD COLUMN no", "ROLLBACK")
			visit(t, kept, path, "BEGIN", "ALTER TABLE t ADD COLUMN no") // by its closing
			visit(t, kept, path, "ALTER TABLE t ADD COLUMN b3")
		},
	} {
		change()
		visit(t, kept, path, "INSERT INTO t (a, b"+strconv.Itoa(i)+") VALUES (1, 2)")
		c := open(t, path, sqlite.Config{Schemas: kept})
		wantText(t, c, "SELECT group_concat(name) FROM pragma_table_info('t')", text(t, open(t, path, sqlite.Config{}), "SELECT group_concat(name) FROM pragma_table_info('t')"))
		if err := c.Exec("SELECT no FROM t"); err == nil {
			t.Error("a column was kept that was never there")
		}
	}
}

func TestWhatAnalyzeFoundStaysWithItsFile(t *testing.T) {
	kept := schemas(t)
	path := file(t, "CREATE TABLE t (a UNIQUE)", "INSERT INTO t VALUES (1)", "ANALYZE")
	visit(t, kept, path)
	if visit(t, kept, path) || kept.Kept() != 0 {
		t.Error("a schema was handed on with the statistics of one file")
	}
}

func TestAnOpeningThatFailsLosesNoSchema(t *testing.T) {
	kept := schemas(t)
	path := file(t, "CREATE TABLE t (a)")
	visit(t, kept, path)
	if _, err := sqlite.Open(t.Context(), filepath.Join(folder(t), "none.db"), 0, sqlite.Config{Schemas: kept}); err == nil {
		t.Fatal("a file was opened that is not there")
	}
	exclusive := open(t, path, sqlite.Config{Mode: sqlite.Exclusive})
	wantText(t, exclusive, "SELECT count(*) FROM t", "0")
	if _, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Schemas: kept}); err == nil {
		t.Fatal("a file was read that another has for itself")
	}
	if kept.Kept() != 1 {
		t.Errorf("%d schemas are kept, want 1", kept.Kept())
	}
}

func TestNoMoreThanAFewSchemasAreKept(t *testing.T) {
	kept := schemas(t)
	path := file(t, "CREATE TABLE t (a)")
	var conns []*sqlite.Conn
	for range 12 {
		conns = append(conns, open(t, path, sqlite.Config{Schemas: kept}))
	}
	for _, c := range conns {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if n := kept.Kept(); n != 8 {
		t.Errorf("%d schemas are kept", n)
	}
}

func TestSchemasAreSharedByGoroutines(t *testing.T) {
	kept := schemas(t)
	var visits sync.WaitGroup
	for range 12 {
		path := file(t, everything...)
		visits.Go(func() {
			for range 20 {
				visit(t, kept, path, useAll...)
			}
		})
	}
	visits.Wait()
	kept.Close()
	if visit(t, kept, file(t, everything...)) || kept.Kept() != 0 {
		t.Error("a schema was kept after Close")
	}
}

func TestASchemaIsNotTakenForOneOfAnotherFormat(t *testing.T) {
	kept := schemas(t)
	ddl := []string{"CREATE TABLE t (a, b)", "CREATE INDEX i ON t (a DESC)", "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3), (4, 4)"}
	visit(t, kept, file(t, ddl...))
	path := filepath.Join(folder(t), "tenant.db")
	old, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: sqlite.Create})
	if err != nil {
		t.Fatal(err)
	}
	if err := old.Legacy(); err != nil {
		t.Fatal(err)
	}
	exec(t, old, append(ddl, "PRAGMA journal_mode=wal")...)
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	c := open(t, path, sqlite.Config{Schemas: kept})
	wantText(t, c, "SELECT group_concat(b) FROM t WHERE a > 2", "3,4")
	wantText(t, c, "PRAGMA integrity_check", "ok")
}

func TestASchemaOfAnotherEncodingIsNotHandedOn(t *testing.T) {
	kept := schemas(t)
	wide := func() string {
		return created(t, "PRAGMA encoding='UTF-16le'", "CREATE TABLE t (a)", "PRAGMA journal_mode=wal")
	}
	visit(t, kept, wide())
	if kept.Kept() != 0 {
		t.Error("the schema is kept")
	}
	path := wide()
	plain := open(t, path, sqlite.Config{})
	exec(t, plain, "INSERT INTO t VALUES ('a'), (char(256)), (char(1)), (char(513))")
	const above = "SELECT count(*) FROM t WHERE a > char(256)"
	wantText(t, open(t, path, sqlite.Config{Schemas: kept}), above, text(t, plain, above))
}

func TestTheSchemaOfAnEmptyFileIsNotHandedOn(t *testing.T) {
	kept := schemas(t)
	visit(t, kept, created(t, "PRAGMA user_version=1", "PRAGMA journal_mode=wal"))
	if kept.Kept() != 0 {
		t.Error("the schema is kept, and so would its encoding be")
	}
}
