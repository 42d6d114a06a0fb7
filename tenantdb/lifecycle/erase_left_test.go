package lifecycle_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

const plantedName = "planted-name-0123456789-of-acme."

// wantNowhere fails for each file of the folder in which the planted name is.
func wantNowhere(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(plantedName)) {
			t.Errorf("it is in %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAnAliasThatAnotherTenantWantedIsGoneAfterErase(t *testing.T) {
	folder := t.TempDir()
	w := worldIn(t, folder, lifecycle.Options{})
	name := []lifecycle.Alias{{Kind: "domain", Value: plantedName}}
	if _, err := w.m.Create(t.Context(), creation{ID: tenanttest.ID(t, "acme"), Aliases: name}); err != nil {
		t.Fatal(err)
	}
	other := tenanttest.ID(t, "other")
	_, err := w.m.Create(t.Context(), creation{ID: other, Aliases: name})
	wantErr(t, err, catalog.ErrAliasTaken)
	if got := w.results(t, other, lifecycle.OpCreate); !slices.Contains(got, "failed ") {
		t.Errorf("recorded of the other: %q", got)
	}
	if _, err := w.m.Erase(t.Context(), tenanttest.ID(t, "acme")); err != nil {
		t.Fatal(err)
	}
	if err := w.dir.Close(); err != nil {
		t.Fatal(err)
	}
	wantNowhere(t, folder)
}

func TestEraseRemovesWhatBackupsThatDiedHaveLeft(t *testing.T) {
	folder := t.TempDir()
	w := worldIn(t, folder, lifecycle.Options{})
	id := tenanttest.ID(t, "acme")
	if _, err := w.m.Create(t.Context(), creation{ID: id, Aliases: []lifecycle.Alias{{Kind: "domain", Value: plantedName}}}); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{
		"work/_global.123/tenant.db",                  // a backup of the catalog, while it was copied
		"backups/global.db/000000000001.db",           // before its manifest was put there
		"backups/global.db/.part.000000000002.db.123", // while it was put there, on another disk
		"backups/acme/.part.000000000001.db.123",      // the tenant's, likewise
	} {
		path := filepath.Join(folder, left)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(plantedName), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.m.Erase(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := w.dir.Close(); err != nil {
		t.Fatal(err)
	}
	wantNowhere(t, folder)
}
