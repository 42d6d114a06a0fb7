package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/silokit/silo/tenantdb/internal/migrate"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// files makes a folder of migrations: names and texts in turn.
func files(namesAndTexts ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(namesAndTexts); i += 2 {
		fsys[namesAndTexts[i]] = &fstest.MapFile{Data: []byte(namesAndTexts[i+1])}
	}
	return fsys
}

// numbered makes a folder of migrations of these texts, numbered from 1; a text
// without an annotation is an Up.
func numbered(texts ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i, text := range texts {
		if !strings.Contains(text, "+goose") {
			text = "-- +goose Up\n" + text + "\n"
		}
		fsys[fmt.Sprintf("%05d_step.sql", i+1)] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func load(t testing.TB, fsys fstest.MapFS) *migrate.Set {
	t.Helper()
	set, err := migrate.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// open opens a connection as migrations have one.
func open(t testing.TB, path string, mode sqlite.Mode) *sqlite.Conn {
	t.Helper()
	conn, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: mode, Policy: sqlite.Migrations, ForeignKeys: sqlite.NotEnforced})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return conn
}

func memory(t testing.TB) *sqlite.Conn {
	t.Helper()
	return open(t, ":memory:", sqlite.InMemory)
}

// newFile is the path of a file that is not there.
func newFile(t testing.TB) string {
	t.Helper()
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folder, "tenant.db")
}

// apply applies the set as its callers do: in one transaction, rolled back on an
// error.
func apply(ctx context.Context, conn *sqlite.Conn, set *migrate.Set) (ran []string, err error) {
	if err := conn.Exec("BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	moved, err := set.Apply(ctx, conn)
	if err == nil {
		return moved.Names, conn.Exec("COMMIT")
	}
	if conn.InTransaction() {
		err = errors.Join(err, conn.Exec("ROLLBACK"))
	}
	return moved.Names, err
}

func mustApply(t testing.TB, conn *sqlite.Conn, set *migrate.Set) []string {
	t.Helper()
	ran, err := apply(t.Context(), conn, set)
	if err != nil {
		t.Fatal(err)
	}
	return ran
}

func exec(t testing.TB, conn *sqlite.Conn, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if err := conn.Exec(sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// rows returns the rows of a query, columns joined by a bar.
func rows(t testing.TB, conn *sqlite.Conn, sql string) (out []string) {
	t.Helper()
	err := conn.Query(sql, func(s *sqlite.Stmt) {
		var columns []string
		for i := range s.ColumnCount() {
			columns = append(columns, s.ColumnText(i))
		}
		out = append(out, strings.Join(columns, "|"))
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return out
}

// dump is all that migrations can leave in a database: its schema and what is
// recorded of them, without times.
func dump(t testing.TB, conn *sqlite.Conn) []string {
	t.Helper()
	out := rows(t, conn, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")
	for _, table := range rows(t, conn, "SELECT name FROM sqlite_schema WHERE name IN ('goose_db_version', 'silo_migration')") {
		columns := map[string]string{"goose_db_version": "id, version_id, is_applied", "silo_migration": "*"}[table]
		out = append(out, rows(t, conn, "SELECT "+columns+" FROM "+table+" ORDER BY 1")...)
	}
	return out
}
