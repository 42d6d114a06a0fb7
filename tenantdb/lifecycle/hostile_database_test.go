package lifecycle_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// edit runs SQL on a database, not defended against it.
func edit(t *testing.T, path string, statements ...string) {
	t.Helper()
	conn, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: sqlite.Create, Policy: sqlite.Migrations, ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		t.Fatal(err)
	}
	err = conn.EditSchema()
	for _, sql := range statements {
		if err == nil {
			if err = conn.Exec(sql); err != nil {
				t.Errorf("%s: %v", sql, err)
			}
		}
	}
	if err := errors.Join(err, conn.Close()); err != nil {
		t.Fatal(err)
	}
}

// rebuilt returns the same database in a file that was begun with other pragmas.
func rebuilt(t *testing.T, database []byte, pragmas ...string) []byte {
	t.Helper()
	from, to := filepath.Join(t.TempDir(), "from.db"), filepath.Join(t.TempDir(), "to.db")
	writeBytes(t, from, database)
	conn, err := sqlite.Open(context.Background(), from, 0, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var tables, later []string
	script := append(pragmas, "BEGIN")
	read := func(sql string, f func(row *sqlite.Stmt)) {
		if err := conn.Query(sql, f); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	// Not the tables of which a virtual one is made.
	read("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')", func(row *sqlite.Stmt) {
		if row.ColumnText(0) == "table" {
			tables = append(tables, row.ColumnText(1))
		}
		if strings.HasPrefix(row.ColumnText(1), "sqlite_") {
			return // SQLite makes it
		}
		if row.ColumnText(0) == "table" {
			script = append(script, row.ColumnText(2))
		} else {
			later = append(later, row.ColumnText(2))
		}
	})
	for _, table := range tables {
		var columns []string
		read("SELECT name FROM pragma_table_info('"+table+"')", func(row *sqlite.Stmt) { columns = append(columns, "quote("+row.ColumnText(0)+")") })
		if strings.HasPrefix(table, "sqlite_") {
			script = append(script, "DELETE FROM "+table)
		}
		read("SELECT concat_ws(',', "+strings.Join(columns, ", ")+") FROM "+table, func(row *sqlite.Stmt) {
			script = append(script, "INSERT INTO "+table+" VALUES ("+row.ColumnText(0)+")")
		})
	}
	var app string
	read("SELECT application_id FROM pragma_application_id", func(row *sqlite.Stmt) { app = row.ColumnText(0) })
	script = append(append(script, later...), "PRAGMA application_id="+app, "COMMIT")
	edit(t, to, script...)
	content, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestADatabaseThatSiloHasNotMadeSoIsRefusedBareAndWithATrueManifest(t *testing.T) {
	h := newHostile(t)
	with := func(sql ...string) func(t *testing.T) []byte {
		return func(t *testing.T) []byte {
			path := filepath.Join(t.TempDir(), "spoilt.db")
			writeBytes(t, path, h.database)
			edit(t, path, sql...)
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			return content
		}
	}
	bytesOf := func(b []byte) func(*testing.T) []byte { return func(*testing.T) []byte { return b } }
	for name, tt := range map[string]struct {
		make func(t *testing.T) []byte
		says string
	}{
		"a hundred bytes":                      {bytesOf(h.database[:100]), "cut off"},
		"half of it":                           {bytesOf(h.database[:len(h.database)/2/4096*4096]), "cut off"},
		"a page too many":                      {bytesOf(append(h.database[:len(h.database):len(h.database)], make([]byte, 4096)...)), "pages"},
		"another application's":                {func(t *testing.T) []byte { return rebuilt(t, nil, "CREATE TABLE notes (body)") }, ""},
		"of no application":                    {with("PRAGMA application_id=0"), "application_id"},
		"of another application":               {with("PRAGMA application_id=1196444487"), "application_id"},
		"said to be deleted":                   {with("PRAGMA application_id=0x476f6e65"), ""},
		"said to be retired":                   {with("PRAGMA application_id=0x52657469"), "application_id"},
		"a trigger":                            {with("CREATE TRIGGER evil AFTER INSERT ON config BEGIN DELETE FROM audit_log; END"), `trigger "evil"`},
		"a trigger on what Silo writes":        {with("CREATE TRIGGER evil AFTER UPDATE ON silo_file BEGIN DELETE FROM config; END"), `"evil"`},
		"a trigger on goose's table":           {with("CREATE TRIGGER evil AFTER INSERT ON goose_db_version BEGIN DELETE FROM config; END"), `"evil"`},
		"a view":                               {with("CREATE VIEW evil AS SELECT load_extension('evil')"), `view "evil"`},
		"a view that never ends":               {with("CREATE VIEW evil AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"), `view "evil"`},
		"a view in the place of a table":       {with("ALTER TABLE config RENAME TO other", "CREATE VIEW config AS SELECT * FROM other"), "what the migrations do not make"},
		"a generated column":                   {with("ALTER TABLE config ADD COLUMN evil TEXT GENERATED ALWAYS AS (upper(value)) VIRTUAL"), "config"},
		"an index on an expression":            {with("CREATE INDEX evil ON config (upper(value)) WHERE key = 'x'"), `index "evil"`},
		"a virtual table":                      {with("CREATE VIRTUAL TABLE evil USING fts5(body)"), "evil"},
		"a check that never holds":             {with("PRAGMA writable_schema=on", "UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (slug <> '''')', 'CHECK (slug = '''')')"), "slug"},
		"two tables of one page":               {with("PRAGMA writable_schema=on", "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'audit_log') WHERE name = 'config'"), ""},
		"a table of no page":                   {with("PRAGMA writable_schema=on", "UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'config'"), ""},
		"a schema that cannot be parsed":       {with("PRAGMA writable_schema=on", "UPDATE sqlite_schema SET sql = 'CREATE TABLE config (' WHERE name = 'config'"), ""},
		"an index of a schema that is no SQL":  {with("PRAGMA writable_schema=on", "INSERT INTO sqlite_schema VALUES ('index', 'evil', 'config', 3, 'DROP TABLE config')"), ""},
		"a row in the schema that is of bytes": {with("PRAGMA writable_schema=on", "INSERT INTO sqlite_schema VALUES (x'00', x'ff', x'', NULL, NULL)"), ""},
		"its schema twice":                     {with("PRAGMA writable_schema=on", "INSERT INTO sqlite_schema SELECT * FROM sqlite_schema WHERE name = 'config'"), ""},
		"texts in UTF-16":                      {func(t *testing.T) []byte { return rebuilt(t, h.database, "PRAGMA encoding='UTF-16le'") }, "UTF-16"},
		"texts in UTF-16, the other way":       {func(t *testing.T) []byte { return rebuilt(t, h.database, "PRAGMA encoding='UTF-16be'") }, "UTF-16"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			database := tt.make(t)
			bare, archive := filepath.Join(h.folder, "evil.db"), filepath.Join(h.folder, "evil.tar")
			writeBytes(t, bare, database)
			h.refuses(t, bare, tt.says)
			writeMembers(t, archive, h.members(t, h.truthful(database), database))
			h.refuses(t, archive, tt.says)
		})
	}
	h.wantHealthy(t)
}

// What is unusual and right is taken, and is a tenant like any other.
func TestADatabaseOfOtherPagesIsImported(t *testing.T) {
	h := newHostile(t)
	for name, pragmas := range map[string][]string{
		"built again":           nil,
		"pages of 512 bytes":    {"PRAGMA page_size=512"},
		"pages of 64 KiB":       {"PRAGMA page_size=65536"},
		"a user_version":        {"PRAGMA user_version=99"},
		"vacuumed by itself":    {"PRAGMA auto_vacuum=full"},
		"the log of WAL's mode": {"PRAGMA journal_mode=wal"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			database := rebuilt(t, h.database, pragmas...)
			archive, bare := filepath.Join(h.folder, "other.tar"), filepath.Join(h.folder, "other.db")
			writeMembers(t, archive, h.members(t, h.truthful(database), database))
			writeBytes(t, bare, database)
			for _, path := range []string{archive, bare} {
				if _, err := h.m.Import(t.Context(), path, creation{ID: copied}); err != nil {
					t.Fatal(err)
				}
				h.wantValue(t, copied, "made", "first")
				if err := h.put(copied, "made", "second"); err != nil {
					t.Error(err)
				}
				b := h.backup(t, copied)
				if _, err := h.m.Restore(t.Context(), copied, b.Sequence); err != nil {
					t.Error(err)
				}
				h.wantValue(t, copied, "made", "second")
				h.wantHealthy(t)
				if _, err := h.m.Erase(t.Context(), copied); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestADatabaseThatIsReachedInOtherWaysIsRefused(t *testing.T) {
	h := newHostile(t)
	bare := filepath.Join(h.folder, "bare.db")
	writeBytes(t, bare, h.database)
	folder := filepath.Join(h.folder, "folder")
	link, through := filepath.Join(h.folder, "link.db"), filepath.Join(h.folder, "through")
	beside := filepath.Join(h.folder, "beside.db")
	writeBytes(t, beside, h.database)
	writeBytes(t, beside+"-wal", []byte("what was written last"))
	if err := errors.Join(os.Mkdir(folder, 0o700), os.Symlink(bare, link), os.Symlink(h.folder, through)); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string][2]string{
		"no path":                {"", "empty"},
		"a link":                 {link, "link"},
		"through a link":         {filepath.Join(through, "bare.db"), "link"},
		"a path with ..":         {folder + "/../bare.db", ".."},
		"a folder":               {folder, "no regular file"},
		"a log beside it":        {beside, "beside it"},
		"a tenant's own file":    {filepath.Join(h.dir.Path(), "tenants", "acme.db"), "own files"},
		"the global database":    {filepath.Join(h.dir.Path(), "global.db"), "own files"},
		"the global log":         {filepath.Join(h.dir.Path(), "global.db-wal"), "own files"},
		"a lock of an operation": {filepath.Join(h.dir.Path(), "locks", "acme.lock"), "own files"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) { h.refuses(t, tt[0], tt[1]) })
	}
	h.wantHealthy(t)
}
