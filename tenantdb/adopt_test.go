package tenantdb_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// spoil runs SQL on a copy, which nobody else has open.
func spoil(t *testing.T, path string, statements ...string) {
	t.Helper()
	conn, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: sqlite.Create, Policy: sqlite.Migrations, ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.EditSchema(); err != nil { // not defensive
		t.Fatal(err)
	}
	for _, sql := range statements {
		if err := conn.Exec(sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAnAdoptedCopyIsAnotherTenantOfTheSameData(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	if err := add(acme.Context, acme.DB, "the same"); err != nil {
		t.Fatal(err)
	}
	source, m := snapshotOf(t, kit.Store, acme.ID)
	globex := tenanttest.ID(t, "globex")
	for name, of := range map[string]tenantdb.Source{"with its sum": source, "without": {Path: source.Path}} {
		if _, err := kit.Store.Adopt(t.Context(), globex, of); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		clone := reopened(t, kit.Store, "globex")
		wantNotes(t, clone, "the same")
		if got := ask(t, tenantdb.PathOf(clone.DB), "SELECT incarnation FROM silo_file"); got == m.Incarnation {
			t.Errorf("%s: it has the incarnation of the tenant that it is a copy of", name)
		}
		if err := add(clone.Context, clone.DB, "the clone's own"); err != nil {
			t.Error(err)
		}
		if _, err := kit.Store.Adopt(t.Context(), globex, of); !errors.Is(err, tenantdb.ErrTenantExists) {
			t.Errorf("%s: again: %v", name, err)
		}
		if err := kit.Store.Delete(t.Context(), globex); err != nil {
			t.Fatal(err)
		}
	}
	wantNotes(t, acme, "the same")
	wantFolder(t, filepath.Join(kit.Dir.Path(), "tenants"), "acme.db")
	if again, err := os.ReadFile(source.Path); err != nil || int64(len(again)) != m.Size {
		t.Errorf("the source has changed: %d bytes, %v", len(again), err)
	}
	// And as another folder's.
	elsewhere := tenanttest.New(t, tenantdb.OpenStore[notes])
	if _, err := elsewhere.Store.Adopt(t.Context(), acme.ID, source); err != nil {
		t.Fatal(err)
	}
	wantNotes(t, reopened(t, elsewhere.Store, "acme"), "the same")
}

func TestACopyOfAnOlderReleaseIsMigratedAndOfANewerOneRefused(t *testing.T) {
	old := tenanttest.New(t, tenantdb.OpenStore[notes])
	later := tenanttest.New(t, tenantdb.OpenStore[notesLater])
	acme := old.Tenant("acme")
	if err := add(acme.Context, acme.DB, "old"); err != nil {
		t.Fatal(err)
	}
	source, _ := snapshotOf(t, old.Store, acme.ID)
	if _, err := later.Store.Adopt(t.Context(), acme.ID, source); err != nil {
		t.Fatal(err)
	}
	migrated := reopened(t, later.Store, "acme")
	if got, err := list(migrated.Context, migrated.DB); err != nil || len(got) != 1 || got[0] != "old" {
		t.Errorf("migrated, it has %q, %v", got, err)
	}
	if n, err := count(migrated.Context, migrated.DB, countPages); err != nil || n != 3 {
		t.Errorf("migrated, it has %d pages, %v", n, err)
	}
	newer, m := snapshotOf(t, later.Store, acme.ID)
	if m.SchemaVersion != 3 {
		t.Errorf("the schema's version is %d", m.SchemaVersion)
	}
	_, err := old.Store.Adopt(t.Context(), tenanttest.ID(t, "newer"), newer)
	if !errors.Is(err, tenantdb.ErrUnfit) || !errors.Is(err, tenantdb.ErrSchemaAhead) {
		t.Errorf("a newer one: %v", err)
	}
	broken := openStore[notesBroken](t, tenanttest.Dir(t, tenantdb.Options{}))
	if _, err := broken.Adopt(t.Context(), acme.ID, source); !errors.Is(err, tenantdb.ErrMigrationFailed) {
		t.Errorf("with a migration that fails: %v", err)
	}
	if ids, err := broken.Tenants(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("it left %v, %v", ids, err)
	}
}

func TestWhatIsNoTenantsFileIsRefused(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notesLater])
	acme := kit.Tenant("acme")
	if err := add(acme.Context, acme.DB, "a note"); err != nil {
		t.Fatal(err)
	}
	good, _ := snapshotOf(t, kit.Store, acme.ID)
	content, err := os.ReadFile(good.Path)
	if err != nil {
		t.Fatal(err)
	}
	with := func(sql ...string) func(*testing.T, string) {
		return func(t *testing.T, path string) { spoil(t, path, sql...) }
	}
	cut := func(n int) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.Truncate(path, int64(n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, tt := range map[string]struct {
		spoil func(t *testing.T, path string)
		want  error
		says  string
	}{
		"empty":                       {cut(0), tenantdb.ErrNotADatabase, "0 bytes"},
		"a hundred bytes":             {cut(100), tenantdb.ErrCorrupt, "cut off"},
		"a byte too few":              {cut(len(content) - 1), tenantdb.ErrCorrupt, "cut off"},
		"a page too few":              {cut(len(content) - 4096), tenantdb.ErrCorrupt, "cut off"},
		"another application's":       {with("PRAGMA application_id=0"), tenantdb.ErrWrongSchema, "not one that Silo has made"},
		"retired":                     {with("PRAGMA application_id=0x52657469"), tenantdb.ErrWrongSchema, ""},
		"no word of what it is":       {with("DROP TABLE silo_file"), tenantdb.ErrWrongSchema, "silo_file"},
		"nobody's":                    {with("DELETE FROM silo_file"), tenantdb.ErrWrongSchema, ""},
		"of another schema":           {with("UPDATE silo_file SET schema = 'other'"), tenantdb.ErrWrongSchema, "other"},
		"a global database":           {with("UPDATE silo_file SET kind = 'global'"), tenantdb.ErrWrongSchema, "global"},
		"never migrated":              {with("DELETE FROM goose_db_version WHERE version_id > 0"), tenantdb.ErrSchemaDiverged, "no migration"},
		"a gap in its migrations":     {with("DELETE FROM goose_db_version WHERE version_id = 2"), tenantdb.ErrSchemaDiverged, ""},
		"a migration of another text": {with("UPDATE silo_migration SET sha256 = 'no'"), tenantdb.ErrSchemaDiverged, ""},
		"a version it has not":        {with("DELETE FROM goose_db_version WHERE version_id = 3"), tenantdb.ErrSchemaDiverged, "colour"},
		"ahead":                       {with("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9, 1)"), tenantdb.ErrSchemaAhead, "9"},
		"a trigger":                   {with("CREATE TRIGGER evil AFTER INSERT ON notes BEGIN DELETE FROM folders; END"), tenantdb.ErrSchemaDiverged, `trigger "evil"`},
		"a view":                      {with("CREATE VIEW evil AS SELECT load_extension('evil')"), tenantdb.ErrSchemaDiverged, `view "evil"`},
		"a virtual table":             {with("CREATE VIRTUAL TABLE evil USING fts5(body)"), tenantdb.ErrSchemaDiverged, "evil"},
		"an index":                    {with("CREATE INDEX evil ON notes (abs(id))"), tenantdb.ErrSchemaDiverged, `index "evil"`},
		"a table":                     {with("CREATE TABLE evil (a)"), tenantdb.ErrSchemaDiverged, `table "evil"`},
		"a table fewer":               {with("DROP TABLE pages"), tenantdb.ErrSchemaDiverged, "lacks"},
		"another column":              {with("ALTER TABLE notes ADD COLUMN evil"), tenantdb.ErrSchemaDiverged, "evil"},
		"another table's text": {with("PRAGMA writable_schema=on", "UPDATE sqlite_schema SET sql = replace(sql, 'UNIQUE', 'unique') WHERE name = 'notes'"),
			tenantdb.ErrSchemaDiverged, "unique"},
		"a view for goose's table": {with("ALTER TABLE goose_db_version RENAME TO other", "CREATE VIEW goose_db_version AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id, i AS version_id, 1 AS is_applied FROM n"),
			tenantdb.ErrWrongSchema, "goose_db_version"},
		"a row without its parent": {with("INSERT INTO pages VALUES (99, 99)"), tenantdb.ErrForeignKey, "pages"},
		"a log beside it": {func(t *testing.T, path string) {
			if err := os.WriteFile(path+"-wal", []byte("log"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, nil, "take a Snapshot"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(plainTemp(t), "spoilt.db")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			tt.spoil(t, path)
			wantUnfit(t, kit, path, tt.want, tt.says)
		})
	}
	if _, err := kit.Store.Adopt(t.Context(), tenanttest.ID(t, "good"), tenantdb.Source{Path: good.Path}); err != nil {
		t.Errorf("the one that is not spoilt: %v", err)
	}
}

// wantUnfit has a file adopted, which must be refused and leave nothing.
func wantUnfit[S tenantdb.TenantSchema](t *testing.T, kit *tenanttest.Kit[S], path string, want error, says string) {
	t.Helper()
	_, err := kit.Store.Adopt(t.Context(), tenanttest.ID(t, "evil"), tenantdb.Source{Path: path})
	if !errors.Is(err, tenantdb.ErrUnfit) || want != nil && !errors.Is(err, want) || !strings.Contains(err.Error(), says) {
		t.Errorf("got %v, want %v and %q", err, want, says)
	}
	wantFolder(t, filepath.Join(kit.Dir.Path(), "tenants"), "acme.db")
}

func TestWhatIsNotAPlainFileAtItsPlaceIsRefused(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	good, _ := snapshotOf(t, kit.Store, acme.ID)
	folder := filepath.Dir(good.Path)
	link, through := filepath.Join(folder, "link.db"), filepath.Join(plainTemp(t), "folder")
	if err := errors.Join(os.Symlink(good.Path, link), os.Symlink(folder, through)); err != nil {
		t.Fatal(err)
	}
	paths := map[string][2]string{
		"no path":        {"", "empty"},
		"a folder":       {folder, "no regular file"},
		"a link":         {link, "no regular file"},
		"through a link": {filepath.Join(through, filepath.Base(good.Path)), "through a link"},
		"with ..":        {folder + "/x/../" + filepath.Base(good.Path), ".."},
		"a live tenant":  {tenantdb.PathOf(acme.DB), "Snapshot"},
	}
	if runtime.GOOS == "linux" {
		paths["a device"] = [2]string{"/dev/zero", "no regular file"}
		paths["a pipe"] = [2]string{makePipe(t), "no regular file"}
	}
	for name, path := range paths {
		t.Run(name, func(t *testing.T) { wantUnfit(t, kit, path[0], nil, path[1]) })
	}
}

func TestAdoptEndsWithItsContext(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	good, _ := snapshotOf(t, kit.Store, acme.ID)
	for n := 0; ; n++ {
		ctx := &endingContext{Context: t.Context(), left: n}
		_, err := kit.Store.Adopt(ctx, tenanttest.ID(t, "late"), good)
		if err == nil {
			t.Logf("it looked at its context %d times", n)
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("ended at look %d: %v", n, err)
		}
		wantFolder(t, filepath.Join(kit.Dir.Path(), "tenants"), "acme.db")
	}
	wantFolder(t, filepath.Join(kit.Dir.Path(), "tenants"), "acme.db", "late.db")
}
