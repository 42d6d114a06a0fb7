package sqlite_test

import (
	"os"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

func TestTheVersionChangesWithEveryCommitOfAnyConnectionAndNothingElse(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)")
	writer := open(t, path, sqlite.Config{})
	exec(t, writer, "PRAGMA journal_mode=wal")
	reader := open(t, path, sqlite.Config{Mode: sqlite.ReadOnly})
	if v := reader.Version(); v != (sqlite.Version{}) {
		t.Fatalf("before it was looked for, the version is %v", v)
	}
	count := func() {
		if _, err := reader.QueryRow("SELECT count(*) FROM t", func(*sqlite.Stmt) {}); err != nil {
			t.Fatal(err)
		}
	}
	count()
	reader.Settle()
	last := reader.Version()
	if last == (sqlite.Version{}) {
		t.Fatal("there is no version")
	}
	same := func(what string, steps ...string) {
		t.Helper()
		exec(t, writer, steps...)
		count()
		if now := reader.Version(); now != last {
			t.Errorf("after %s the version is another one", what)
			last = now
		}
	}
	other := func(what string, steps ...string) {
		t.Helper()
		exec(t, writer, steps...)
		now := reader.Version()
		if now == last {
			t.Errorf("after %s the version is the same", what)
		}
		last = now
	}
	same("a read", "SELECT * FROM t")
	same("a write that is undone", "BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)", "ROLLBACK")
	same("a write that is not yet committed", "BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)")
	other("its commit", "COMMIT")
	other("a commit by itself", "UPDATE t SET x = x + 1")
	other("a change of the schema", "CREATE TABLE u (y)")
	if _, _, err := writer.Checkpoint(); err != nil {
		t.Fatal(err)
	}
	other("the first commit of a new log", "INSERT INTO t VALUES (2)")
}

// A process that is killed while it tells others of its commit has changed one of the two
// copies of the header.
func TestACommitOfWhichOnlyHalfWasToldIsNoKnownVersion(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)")
	writer, reader := open(t, path, sqlite.Config{}), open(t, path, sqlite.Config{})
	wantText(t, reader, "SELECT count(*) FROM t", "0")
	reader.Settle()
	before, err := os.ReadFile(path + "-shm")
	if err != nil {
		t.Fatal(err)
	}
	exec(t, writer, "INSERT INTO t VALUES (1)")
	index, err := os.OpenFile(path+"-shm", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close() // at the end: a close drops SQLite's locks
	if _, err := index.WriteAt(before[:48], 0); err != nil {
		t.Fatal(err)
	}
	if v := reader.Version(); v != (sqlite.Version{}) {
		t.Errorf("the version is %v", v)
	}
	wantText(t, reader, "SELECT count(*) FROM t", "1")
	if v := reader.Version(); v == (sqlite.Version{}) {
		t.Error("the version is not known again")
	}
}
