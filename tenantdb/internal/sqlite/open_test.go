package sqlite_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

func TestAPathIsTakenAsItIs(t *testing.T) {
	t.Chdir(folder(t))
	for _, name := range []string{
		"plain", "with space", "question?mode=memory", "hash#tag", "percent%2e%2e%2Fup", "ünïcödé-日本-😀", "file:relative", "file:x?mode=memory&cache=shared",
		"file::memory:", "a;b", `quote'"`, "back\\slash", "dash-wal", "-leading", "new\nline", "a&b=c", ":memory:x",
	} {
		t.Run(name, func(t *testing.T) {
			c, err := sqlite.Open(t.Context(), name, 0, sqlite.Config{Mode: sqlite.Create})
			if err != nil {
				t.Fatal(err)
			}
			exec(t, c, "CREATE TABLE t (a)", "INSERT INTO t VALUES ('kept')")
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			entries, err := os.ReadDir(".")
			if err != nil || len(entries) != 1 || entries[0].Name() != name {
				t.Errorf("the folder holds %v, %v", entries, err)
			}
			absolute, err := filepath.Abs(name)
			if err != nil {
				t.Fatal(err)
			}
			again, err := sqlite.Open(t.Context(), absolute, 0, sqlite.Config{})
			if err != nil {
				t.Fatal(err)
			}
			wantText(t, again, "SELECT a FROM t", "kept")
			if err := errors.Join(again.Close(), os.Remove(name)); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestAMissingFileIsAnErrorAndIsNotCreated(t *testing.T) {
	path := filepath.Join(folder(t), "missing.db")
	for _, mode := range []sqlite.Mode{sqlite.ReadWrite, sqlite.ReadOnly, sqlite.Exclusive} {
		if _, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: mode}); !errors.Is(err, sqlite.ErrCannotOpen) {
			t.Errorf("mode %d: got %v", mode, err)
		}
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("mode %d: the file is there: %v", mode, err)
		}
	}
	if _, err := sqlite.Open(t.Context(), filepath.Join(path, "x.db"), 0, sqlite.Config{Mode: sqlite.Create}); !errors.Is(err, sqlite.ErrCannotOpen) {
		t.Errorf("in a missing folder: %v", err)
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	target := file(t, "CREATE TABLE t (a)")
	link := filepath.Join(folder(t), "link.db")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	dangling := filepath.Join(folder(t), "dangling.db")
	if err := os.Symlink(filepath.Join(folder(t), "nowhere.db"), dangling); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"link": link, "dangling link": dangling, "folder": folder(t)} {
		for _, mode := range []sqlite.Mode{sqlite.ReadWrite, sqlite.ReadOnly, sqlite.Create, sqlite.Exclusive} {
			if c, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: mode}); !errors.Is(err, sqlite.ErrCannotOpen) {
				t.Errorf("%s, mode %d: got %v, %v", name, mode, c, err)
			}
		}
	}
	if _, err := sqlite.Open(t.Context(), target+"\x00.db", 0, sqlite.Config{}); err == nil {
		t.Error("a path with a NUL was opened")
	}
}

func TestConnectionsAreSetUp(t *testing.T) {
	path := file(t, "CREATE TABLE t (a)")
	for name, tt := range map[string]struct {
		cfg                            sqlite.Config
		keys, synchronous, query, lock string
	}{
		"zero":           {sqlite.Config{}, "1", "1", "0", "normal"},
		"full":           {sqlite.Config{Synchronous: sqlite.Full}, "1", "2", "0", "normal"},
		"read only":      {sqlite.Config{Mode: sqlite.ReadOnly}, "1", "1", "1", "normal"},
		"for migrations": {sqlite.Config{Policy: sqlite.Migrations, ForeignKeys: sqlite.NotEnforced}, "0", "1", "0", "normal"},
		"exclusive":      {sqlite.Config{Mode: sqlite.Exclusive}, "1", "1", "0", "exclusive"},
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, path, tt.cfg)
			for pragma, want := range map[string]string{
				"foreign_keys": tt.keys, "synchronous": tt.synchronous, "query_only": tt.query, "locking_mode": tt.lock,
				"journal_mode": "wal", "temp_store": "2", "cell_size_check": "1", "cache_size": "-512", "trusted_schema": "0", "journal_size_limit": "4194304",
			} {
				wantText(t, c, "PRAGMA "+pragma, want)
			}
			// Defensive: even the runtime's own SQL does not write the schema as a table.
			exec(t, c, "PRAGMA writable_schema = on")
			if err := c.Exec("UPDATE sqlite_schema SET sql = ''"); err == nil {
				t.Error("the schema was written as a table")
			}
		})
	}
}

func TestAReadOnlyConnectionWritesNothing(t *testing.T) {
	path := file(t, "CREATE TABLE t (a)")
	c := open(t, path, sqlite.Config{Mode: sqlite.ReadOnly})
	if err := app(c, "INSERT INTO t VALUES (1)"); !errors.Is(err, sqlite.ErrReadOnly) {
		t.Errorf("INSERT: %v", err)
	}
	if err := c.Exec("CREATE TABLE u (a)"); !errors.Is(err, sqlite.ErrReadOnly) {
		t.Errorf("the runtime's own CREATE TABLE: %v", err)
	}
	wantText(t, c, "SELECT count(*) FROM t", "0")
}

func TestCreateOpensAFileThatIsThere(t *testing.T) {
	path := file(t, "CREATE TABLE t (a)", "INSERT INTO t VALUES ('kept')")
	wantText(t, open(t, path, sqlite.Config{Mode: sqlite.Create}), "SELECT a FROM t", "kept")
}

func TestAnExclusiveConnectionKeepsItsLockUntilItIsClosed(t *testing.T) {
	path := file(t, "CREATE TABLE t (a)")
	held, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: sqlite.Exclusive})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, held, "BEGIN EXCLUSIVE", "COMMIT")
	if _, err := tryRead(t, path); !errors.Is(err, sqlite.ErrBusy) {
		t.Errorf("beside it: %v", err)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := tryRead(t, path); err != nil || n != "0" {
		t.Errorf("after it: %q, %v", n, err)
	}
}

func tryRead(t *testing.T, path string) (n string, err error) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{})
	if err != nil {
		return "", err
	}
	_, err = c.QueryRow("SELECT count(*) FROM t", func(s *sqlite.Stmt) { n = s.ColumnText(0) })
	return n, errors.Join(err, c.Close())
}

func TestCloseRollsBackAnOpenTransaction(t *testing.T) {
	path := file(t, "CREATE TABLE t (a)", "INSERT INTO t VALUES (1)")
	c := open(t, path, sqlite.Config{})
	exec(t, c, "BEGIN IMMEDIATE")
	if err := app(c, "DELETE FROM t"); err != nil {
		t.Fatal(err)
	}
	// A statement half way through its rows does not keep the connection open.
	if row, err := mustCache(t, c, "SELECT 1 UNION SELECT 2").Step(); !row || err != nil {
		t.Fatal(row, err)
	}
	if !c.InTransaction() {
		t.Fatal("there is no transaction")
	}
	for range 2 {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	wantText(t, open(t, path, sqlite.Config{}), "SELECT count(*) FROM t", "1")
}

func TestTheLastToCloseMovesTheLogIntoTheFileAndLeavesItEmpty(t *testing.T) {
	path := file(t, "CREATE TABLE t (a)")
	for _, last := range []sqlite.Mode{sqlite.ReadWrite, sqlite.ReadOnly} {
		a, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{})
		if err != nil {
			t.Fatal(err)
		}
		exec(t, a, "DELETE FROM t", "INSERT INTO t VALUES (1)")
		b, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: last})
		if err != nil {
			t.Fatal(err)
		}
		wantText(t, b, "SELECT count(*) FROM t", "1")
		if log, err := os.Stat(path + "-wal"); err != nil || log.Size() == 0 {
			t.Errorf("the log while it is open: %v, %v", log, err)
		}
		if err := errors.Join(a.Close(), b.Close()); err != nil {
			t.Fatal(err)
		}
		if log, err := os.Stat(path + "-wal"); err != nil || log.Size() != 0 {
			t.Errorf("the log after the last was closed: %v, %v", log, err)
		}
		// The one file is all there is to copy.
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		alone := filepath.Join(folder(t), "copy.db")
		if err := os.WriteFile(alone, content, 0o600); err != nil {
			t.Fatal(err)
		}
		c := open(t, alone, sqlite.Config{})
		wantText(t, c, "SELECT count(*) FROM t", "1")
		wantText(t, c, "PRAGMA integrity_check", "ok")
	}
}

func TestAnExclusiveConnectionTakesTheLogAway(t *testing.T) {
	path := file(t, "CREATE TABLE t (a)")
	a, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, a, "INSERT INTO t VALUES (1)")
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: sqlite.Exclusive})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, b, "PRAGMA journal_mode=memory")
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCloseSpeaksUpAboutAStatementLeftOpen(t *testing.T) {
	c, err := sqlite.Open(t.Context(), ":memory:", 0, sqlite.Config{Mode: sqlite.InMemory})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Prepare("SELECT 1", 0); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); !errors.Is(err, sqlite.ErrBusy) {
		t.Errorf("Close: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("the second Close: %v", err)
	}
}

func TestAConnectionKnowsThatItsFileHasLostItsName(t *testing.T) {
	path := file(t, "CREATE TABLE t (a)")
	c := open(t, path, sqlite.Config{})
	if c.Moved() {
		t.Error("it has not moved yet")
	}
	if err := os.Rename(path, path+".elsewhere"); err != nil {
		t.Fatal(err)
	}
	if !c.Moved() {
		t.Error("it has moved")
	}
}
