package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// folder is a new folder by a path without links, which SQLite would refuse.
func folder(t testing.TB) string {
	t.Helper()
	path, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// open opens a connection and closes it, whole, at the end of the test.
func open(t testing.TB, path string, cfg sqlite.Config) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, 0, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return c
}

// memory opens a database in memory on which the runtime's own SQL has run.
func memory(t testing.TB, policy sqlite.Policy, setup ...string) *sqlite.Conn {
	t.Helper()
	c := open(t, ":memory:", sqlite.Config{Mode: sqlite.InMemory, Policy: policy})
	exec(t, c, setup...)
	return c
}

// file makes a database file on which the runtime's own SQL has run.
func file(t testing.TB, setup ...string) string {
	t.Helper()
	path := filepath.Join(folder(t), "tenant.db")
	c, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: sqlite.Create})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, c, append(setup, "PRAGMA journal_mode=wal")...)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// exec runs SQL as the runtime's own.
func exec(t testing.TB, c *sqlite.Conn, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if err := c.Exec(sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// app runs SQL as the application's, to its end. Texts are bound in order.
func app(c *sqlite.Conn, sql string, args ...string) error {
	s, err := c.Prepare(sql, 0)
	if err != nil {
		return err
	}
	defer s.Close()
	for i, arg := range args {
		if err := s.BindText(i+1, arg); err != nil {
			return err
		}
	}
	for {
		if row, err := s.Step(); err != nil || !row {
			return err
		}
	}
}

// text returns the first column of the first row of the runtime's own SQL.
func text(t testing.TB, c *sqlite.Conn, sql string) string {
	t.Helper()
	var out string
	if _, err := c.QueryRow(sql, func(s *sqlite.Stmt) { out = s.ColumnText(0) }); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return out
}

func wantText(t testing.TB, c *sqlite.Conn, sql, want string) {
	t.Helper()
	if got := text(t, c, sql); got != want {
		t.Errorf("%s is %q, want %q", sql, got, want)
	}
}

// someWait is a wait for locks that a test which works never waits out.
const someWait = time.Hour
