package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// Other versions of the schema notes.
type (
	notesMiddle   struct{ tenantdb.Tenant } // the second version
	notesBroken   struct{ tenantdb.Tenant } // the second version fails
	notesEdited   struct{ tenantdb.Tenant } // the first migration is another
	notesComment  struct{ tenantdb.Tenant } // the first migration has another comment
	notesGap      struct{ tenantdb.Tenant } // the second migration is missing
	notesOrphans  struct{ tenantdb.Tenant } // the second version breaks a foreign key
	notesStale    struct{ tenantdb.Tenant } // generated from other migrations
	notesTolerant struct{ tenantdb.Tenant } // the second version lets the first live on
	other         struct{ tenantdb.Tenant } // another schema
	globalOther   struct{ tenantdb.Global }
)

func (notesMiddle) Migrations() fs.FS         { return files(notes1, notes2) }
func (s notesMiddle) Origin() tenantdb.Origin { return origin("notes", s.Migrations()) }
func (notesBroken) Migrations() fs.FS {
	return files(notes1, "-- +goose Up\nCREATE TABLE half (id INTEGER);\n\nINSERT INTO nowhere VALUES (1);\n")
}
func (s notesBroken) Origin() tenantdb.Origin { return origin("notes", s.Migrations()) }
func (notesEdited) Migrations() fs.FS {
	return files(strings.Replace(notes1, "UNIQUE", "", 1))
}
func (s notesEdited) Origin() tenantdb.Origin { return origin("notes", s.Migrations()) }
func (notesComment) Migrations() fs.FS {
	return files("-- A word of explanation.\n\n" + notes1)
}
func (s notesComment) Origin() tenantdb.Origin { return origin("notes", s.Migrations()) }
func (notesGap) Migrations() fs.FS {
	return without(files(notes1, notes2, "-- +goose Up\nCREATE TABLE c (id INTEGER);\n"), "tenant/00002_folders.sql")
}
func (s notesGap) Origin() tenantdb.Origin { return origin("notes", s.Migrations()) }
func (notesOrphans) Migrations() fs.FS {
	return files(notes1, "-- +goose Up\nCREATE TABLE a (id INTEGER PRIMARY KEY);\nCREATE TABLE b (a INTEGER REFERENCES a);\nINSERT INTO b VALUES (7);\n")
}
func (s notesOrphans) Origin() tenantdb.Origin { return origin("notes", s.Migrations()) }
func (notesStale) Migrations() fs.FS           { return files(notes1) }
func (notesStale) Origin() tenantdb.Origin     { return origin("notes", files(notes1, notes2)) }
func (notesTolerant) Migrations() fs.FS {
	return files(notes1, "-- silo: compatible-with 1\n-- +goose Up\nCREATE TABLE extra (id INTEGER);\n")
}
func (s notesTolerant) Origin() tenantdb.Origin { return origin("notes", s.Migrations()) }
func (other) Migrations() fs.FS                 { return files(notes1) }
func (s other) Origin() tenantdb.Origin         { return origin("other", s.Migrations()) }
func (globalOther) Migrations() fs.FS           { return files(notes1) }
func (s globalOther) Origin() tenantdb.Origin   { return origin("other", s.Migrations()) }

// reopen opens the folder with another version of the schema and resolves acme.
func reopen[S tenantdb.TenantSchema](t *testing.T, folder string, o tenantdb.Options) (context.Context, *tenantdb.TenantDB[S], error) {
	t.Helper()
	o.Path = folder
	store := openStore[S](t, tenanttest.Dir(t, o))
	ctx := tenanttest.Context(t, "acme")
	db, err := store.Resolve(ctx)
	return ctx, db, err
}

// folderWith makes a folder with the tenants acme and globex at the schema's version.
func folderWith[S tenantdb.TenantSchema](t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	store := openStore[S](t, dir)
	for _, name := range []string{"acme", "globex"} {
		ctx, db := create(t, store, name)
		if err := add(ctx, db, "kept"); err != nil {
			t.Fatal(err)
		}
	}
	if err := dir.Close(); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestATenantIsMigratedWhenItIsNextResolvedAndKeepsItsRows(t *testing.T) {
	ctx, db, err := reopen[notesLater](t, folderWith[notes](t), tenantdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := list(ctx, db); err != nil || len(got) != 1 {
		t.Errorf("notes: %q, %v", got, err)
	}
	// The third migration rebuilds a table whose children would cascade.
	if n, err := count(ctx, db, countPages); err != nil || n != 3 {
		t.Errorf("pages: %d, %v", n, err)
	}
}

func TestForeignKeysAreEnforcedAfterMigrations(t *testing.T) {
	ctx, db, err := reopen[notesLater](t, folderWith[notes](t), tenantdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	orphan := query.Write("Orphan", "notes.sql:40", "INSERT INTO pages (folder) VALUES (99)")
	if err := query.Exec(ctx, tenantdb.Bind(db), orphan); !errors.Is(err, tenantdb.ErrForeignKey) {
		t.Errorf("got %v", err)
	}
}

func TestFilesThatTheProgramIsNotForAreRefused(t *testing.T) {
	resolve := func(_ context.Context, _ any, err error) error { return err }
	for name, tt := range map[string]struct {
		err  func(t *testing.T) error
		want error
	}{
		"ahead": {func(t *testing.T) error {
			ctx, db, err := reopen[notes](t, folderWith[notesMiddle](t), tenantdb.Options{})
			return resolve(ctx, db, err)
		}, tenantdb.ErrSchemaAhead},
		"edited": {func(t *testing.T) error {
			ctx, db, err := reopen[notesEdited](t, folderWith[notes](t), tenantdb.Options{})
			return resolve(ctx, db, err)
		}, tenantdb.ErrSchemaDiverged},
		"unknown migration": {func(t *testing.T) error {
			ctx, db, err := reopen[notesGap](t, folderWith[notesMiddle](t), tenantdb.Options{})
			return resolve(ctx, db, err)
		}, tenantdb.ErrSchemaDiverged},
		"merged late": {func(t *testing.T) error {
			ctx, db, err := reopen[notesLater](t, folderWith[notesGap](t), tenantdb.Options{})
			return resolve(ctx, db, err)
		}, tenantdb.ErrSchemaDiverged},
		"another schema": {func(t *testing.T) error {
			ctx, db, err := reopen[other](t, folderWith[notes](t), tenantdb.Options{})
			return resolve(ctx, db, err)
		}, tenantdb.ErrWrongSchema},
		"pending, to be verified only": {func(t *testing.T) error {
			ctx, db, err := reopen[notesMiddle](t, folderWith[notes](t), tenantdb.Options{Migrate: tenantdb.MigrateVerify})
			return resolve(ctx, db, err)
		}, tenantdb.ErrSchemaBehind},
		"stale code": {func(t *testing.T) error {
			_, err := tenantdb.OpenStore[notesStale](t.Context(), tenanttest.Dir(t, tenantdb.Options{}))
			return err
		}, tenantdb.ErrGeneratedStale},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.err(t)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v", err)
			}
			var own *tenantdb.Error
			if !errors.As(err, &own) {
				t.Errorf("%T does not hold a *tenantdb.Error", err)
			}
		})
	}
}

func TestASecondStoreOfAnotherSchemaDoesNotGetAnOpenTenant(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{})
	create(t, openStore[notes](t, dir), "acme")
	if _, err := openStore[other](t, dir).Resolve(tenanttest.Context(t, "acme")); !errors.Is(err, tenantdb.ErrWrongSchema) {
		t.Errorf("another schema: %v", err)
	}
	if _, err := openStore[notesMiddle](t, dir).Resolve(tenanttest.Context(t, "acme")); !errors.Is(err, tenantdb.ErrSchemaDiverged) {
		t.Errorf("another version: %v", err)
	}
	if _, err := tenantdb.OpenGlobal[ledger](t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if _, err := tenantdb.OpenGlobal[globalOther](t.Context(), dir); !errors.Is(err, tenantdb.ErrWrongSchema) {
		t.Errorf("another global schema: %v", err)
	}
}

func TestAnOlderProgramUsesAFileWhoseMigrationsAllowIt(t *testing.T) {
	ctx, db, err := reopen[notes](t, folderWith[notesTolerant](t), tenantdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := add(ctx, db, "from the older program"); err != nil {
		t.Error(err)
	}
}

func TestACommentInAnAppliedMigrationMayChange(t *testing.T) {
	if _, _, err := reopen[notesComment](t, folderWith[notes](t), tenantdb.Options{}); err != nil {
		t.Error(err)
	}
}

func TestAFailedMigrationNamesItselfAndLeavesTheTenantAsItWas(t *testing.T) {
	for name, open := range map[string]func(t *testing.T, folder string) error{
		"00002_folders.sql:4": func(t *testing.T, folder string) error { // the line of the statement
			_, _, err := reopen[notesBroken](t, folder, tenantdb.Options{})
			return err
		},
		"00002_folders.sql": func(t *testing.T, folder string) error {
			_, _, err := reopen[notesOrphans](t, folder, tenantdb.Options{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder := folderWith[notes](t)
			err := open(t, folder)
			var own *tenantdb.Error
			if !errors.Is(err, tenantdb.ErrMigrationFailed) || !errors.As(err, &own) {
				t.Fatalf("got %v", err)
			}
			if own.Tenant.String() != "acme" || !strings.HasSuffix(own.Path, "acme.db") || !strings.Contains(err.Error(), name) {
				t.Errorf("it does not say where: %v", err)
			}
			ctx, db, err := reopen[notes](t, folder, tenantdb.Options{})
			if err != nil {
				t.Fatalf("the tenant is not as it was: %v", err)
			}
			if got, err := list(ctx, db); err != nil || len(got) != 1 {
				t.Errorf("it has %q, %v", got, err)
			}
		})
	}
}

func TestMigrateAtOpenMigratesAllAndOneThatFailsCostsTheOthersNothing(t *testing.T) {
	folder := folderWith[notes](t)
	// acme is broken before it is opened.
	if err := os.WriteFile(tenantdb.TenantPath(t, folder, tenantdb.Flat, tenanttest.ID(t, "broken")), []byte("no database at all, but long enough to be one"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder, Migrate: tenantdb.MigrateAtOpen})
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	store := openStore[notesLater](t, dir)
	if s := dir.Stats(); s.Migrated != 2 {
		t.Errorf("%d were migrated", s.Migrated)
	}
	if _, err := store.Resolve(tenanttest.Context(t, "broken")); !errors.Is(err, tenantdb.ErrNotADatabase) {
		t.Errorf("the broken one: %v", err)
	}
}

func TestManyGoroutinesResolveATenantThatIsToBeMigrated(t *testing.T) {
	folder := folderWith[notes](t)
	store := openStore[notesLater](t, tenanttest.Dir(t, tenantdb.Options{Path: folder}))
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for _, name := range []string{"acme", "globex"} {
				ctx := tenanttest.Context(t, name)
				db, err := store.Resolve(ctx)
				if err != nil {
					t.Error(err)
					return
				}
				if n, err := count(ctx, db, countPages); err != nil || n != 3 {
					t.Errorf("%d pages, %v", n, err)
				}
			}
		})
	}
	wg.Wait()
}

// resolveMany resolves tenants 0 to 49, creating those it comes first to.
func resolveMany(args []string) error {
	dir, store, err := childStore[notesLater](args[0])
	if err != nil {
		return err
	}
	fmt.Println("ready")
	waitForInput()
	for i := range 50 {
		name := fmt.Sprintf("t%d", i)
		id, err := tenantdb.ParseID(name)
		if err != nil {
			return err
		}
		if err := store.Create(context.Background(), id); err != nil && !errors.Is(err, tenantdb.ErrTenantExists) {
			return err
		}
		ctx, db, err := childTenant(store, name)
		if err != nil {
			return err
		}
		if n, err := count(ctx, db, countPages); err != nil || n != 3 {
			return fmt.Errorf("%s has %d pages: %w", name, n, err)
		}
	}
	return dir.Close()
}

func TestManyProcessesOpenNewAndOldTenantsAtOnce(t *testing.T) {
	folder := t.TempDir()
	old, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	store := openStore[notes](t, old)
	for i := range 25 { // half of them are there, at an older version
		create(t, store, fmt.Sprintf("t%d", 2*i))
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	var started []*childtest.Child
	for range 4 {
		c := childtest.Start(t, "resolve", folder)
		c.Line(t)
		started = append(started, c)
	}
	for _, c := range started {
		fmt.Fprintln(c.In)
	}
	for _, c := range started {
		c.Finish(t)
	}
	if err := tenanttest.Check(t.Context(), folder); err != nil {
		t.Error(err)
	}
}

func TestAMigrationThatAnotherToolTookDownIsNoticedByTheNextResolve(t *testing.T) {
	folder := folderWith[notes](t)
	ctx, db, err := reopen[notesMiddle](t, folder, tenantdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := tenantdb.TakeDown(t, db, 2, "DROP TABLE pages", "DROP TABLE folders"); err != nil {
		t.Fatal(err)
	}
	again, err := tenantdb.ResolveAgain(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := count(ctx, again, countPages); err != nil || n != 3 {
		t.Errorf("it was not migrated again: %d pages, %v", n, err)
	}
}

// reserved has migrations that reach for what tells which migrations have run.
type reserved struct{ tenantdb.Tenant }

var reservedSQL string

func (reserved) Migrations() fs.FS {
	return files(notes1, "-- +goose Up\n-- +goose StatementBegin\n"+reservedSQL+"\n-- +goose StatementEnd\n")
}
func (s reserved) Origin() tenantdb.Origin { return origin("reserved", s.Migrations()) }

func TestMigrationsKeepOffTheTablesThatTellWhatHasRun(t *testing.T) {
	for _, sql := range []string{
		"CREATE TRIGGER x AFTER INSERT ON goose_db_version BEGIN UPDATE silo_file SET schema = 'x'; END;",
		"CREATE TEMP TRIGGER x AFTER INSERT ON main.goose_db_version BEGIN SELECT raise(IGNORE); END;",
		"CREATE TEMP TABLE goose_db_version (id, version_id, is_applied);",
		"CREATE TEMP TABLE silo_migration (x);",
		"CREATE TEMP VIEW silo_file AS SELECT 1;",
		"CREATE VIEW silo_x AS SELECT 1;",
		"CREATE INDEX x ON silo_file (schema);",
		"ALTER TABLE notes RENAME TO silo_notes;",
		"ALTER TABLE silo_file ADD COLUMN x;",
		"DROP TABLE goose_db_version;",
		"DELETE FROM silo_migration;",
	} {
		reservedSQL = sql
		store := openStore[reserved](t, tenanttest.Dir(t, tenantdb.Options{}))
		if err := store.Create(t.Context(), tenanttest.ID(t, "acme")); !errors.Is(err, tenantdb.ErrMigrationFailed) {
			t.Errorf("%s: %v", sql, err)
		}
	}
}
