package tenanttest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Dir opens a data folder for the test, in t.TempDir() if options.Path is empty. At
// the end of the test it fails the test if a call is still under way, closes the
// folder, and fails the test if a file of it is still open or if SQLite finds
// anything wrong with a database in it ([Check]).
func Dir(t testing.TB, options tenantdb.Options) *tenantdb.Dir {
	t.Helper()
	if options.Path == "" {
		options.Path = t.TempDir()
	}
	dir, err := tenantdb.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s := dir.Stats(); s.InUse > 0 {
			t.Errorf("tenanttest: %d tenants are in use at the end of the test", s.InUse)
		}
		if err := dir.Close(); err != nil {
			t.Errorf("tenanttest: close: %v", err)
		}
		for _, file := range openFiles(dir.Path()) {
			t.Errorf("tenanttest: %s is still open after Close", file)
		}
		if err := Check(context.Background(), dir.Path()); err != nil {
			t.Errorf("tenanttest: %v", err)
		}
	})
	return dir
}

// Check has SQLite check every database in the folder: the file's structure, its
// indices and its foreign keys (https://www.sqlite.org/pragma.html#pragma_integrity_check).
// It returns all that is wrong. Nobody else may have the folder open.
func Check(ctx context.Context, folder string) error {
	var problems []error
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".db" {
			return err
		}
		if err := checkFile(ctx, path); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", path, err))
		}
		return nil
	})
	return errors.Join(append(problems, err)...)
}

func checkFile(ctx context.Context, path string) (err error) {
	conn, err := sqlite.Open(ctx, path, 0, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for _, check := range [...]string{"integrity_check", "foreign_key_check"} {
		var found []string
		err := conn.Query("PRAGMA "+check, func(row *sqlite.Stmt) {
			var columns []string
			for i := range row.ColumnCount() {
				columns = append(columns, row.ColumnText(i))
			}
			found = append(found, strings.Join(columns, " "))
		})
		if err != nil {
			return err
		}
		if len(found) > 0 && found[0] != "ok" {
			return fmt.Errorf("%s: %s", check, strings.Join(found, "; "))
		}
	}
	return nil
}
