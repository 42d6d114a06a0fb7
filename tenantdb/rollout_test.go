package tenantdb_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// What docs/rollouts.md says of two releases on one folder. Each has a Dir of its own, as in two processes.

// release opens a folder as another process would that runs beside. tenanttest.Dir looks whether a file is still
// open when it has closed its own, which that of another would be.
func release[S tenantdb.TenantSchema](t *testing.T, o tenantdb.Options) *tenantdb.Store[S] {
	t.Helper()
	dir, err := tenantdb.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dir.Close(); err != nil {
			t.Error(err)
		}
	})
	return openStore[S](t, dir)
}

// notesOfGuide has the migration that the document shows as its second.
type notesOfGuide struct{ tenantdb.Tenant }

func (notesOfGuide) Migrations() fs.FS {
	text, err := os.ReadFile(filepath.Join("..", "docs", "rollouts.md"))
	if err != nil {
		panic(err)
	}
	block := regexp.MustCompile("(?ms)^```sql\n(.*?)^```$").FindSubmatch(text)
	if block == nil {
		panic("docs/rollouts.md shows no migration")
	}
	return files(notes1, strings.Replace(string(block[1]), "compatible-with 8", "compatible-with 1", 1))
}
func (s notesOfGuide) Origin() tenantdb.Origin { return origin("notes", s.Migrations()) }

func TestTheReleaseBeforeCanLiveWithTheMigrationOfTheGuide(t *testing.T) {
	ctx, db, err := reopen[notes](t, folderWith[notesOfGuide](t), tenantdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := add(ctx, db, "from the release before"); err != nil {
		t.Error(err)
	}
}

func TestTwoReleasesServeOneFolderWhileTheSchemaIsCompatible(t *testing.T) {
	folder := folderWith[notes](t)
	older := release[notes](t, tenantdb.Options{Path: folder})
	newer := release[notesTolerant](t, tenantdb.Options{Path: folder})
	ctx := tenanttest.Context(t, "acme")
	before, err := older.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	migrated, err := newer.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	after, err := older.Resolve(ctx)
	if err != nil {
		t.Fatalf("the older release once the newer has migrated: %v", err)
	}
	err = errors.Join(add(ctx, before, "resolved before"), add(ctx, migrated, "by the newer"), add(ctx, after, "resolved after"))
	if err != nil {
		t.Error(err)
	}
	for name, read := range map[string]func() ([]string, error){
		"older": func() ([]string, error) { return list(ctx, after) },
		"newer": func() ([]string, error) { return list(ctx, migrated) },
	} {
		if got, err := read(); err != nil || len(got) != 4 {
			t.Errorf("the %s release reads %q, %v", name, got, err)
		}
	}
}

func TestBlueAndGreenRefuseEachOthersTenants(t *testing.T) {
	folder := folderWith[notes](t)
	blue := release[notes](t, tenantdb.Options{Path: folder})
	green := release[notesMiddle](t, tenantdb.Options{Path: folder, Migrate: tenantdb.MigrateVerify})
	acme, globex := tenanttest.Context(t, "acme"), tenanttest.Context(t, "globex")
	if _, err := blue.Resolve(acme); err != nil { // it is open there when it is migrated
		t.Fatal(err)
	}
	migrate := release[notesMiddle](t, tenantdb.Options{Path: folder})
	if _, err := migrate.Resolve(acme); err != nil {
		t.Fatal(err)
	}

	if _, err := green.Resolve(acme); err != nil {
		t.Errorf("green, of who was migrated: %v", err)
	}
	if _, err := green.Resolve(globex); !errors.Is(err, tenantdb.ErrSchemaBehind) {
		t.Errorf("green, of who was not: %v", err)
	}
	if _, err := blue.Resolve(acme); !errors.Is(err, tenantdb.ErrSchemaAhead) {
		t.Errorf("blue, of who was migrated: %v", err)
	}
	if _, err := blue.Resolve(globex); err != nil {
		t.Errorf("blue, of who was not: %v", err)
	}
}
