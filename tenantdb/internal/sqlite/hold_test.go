package sqlite_test

import (
	"errors"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// held commits a row with its snapshot held.
func held(t *testing.T, c *sqlite.Conn) {
	t.Helper()
	if err := errors.Join(c.BeginWrite(), c.Exec("INSERT INTO t VALUES (1)")); err != nil {
		t.Fatal(err)
	}
	c.Hold()
	if err := c.Commit(); err != nil {
		t.Fatal(err)
	}
	if !c.Held() {
		t.Fatal("nothing is held")
	}
}

const countRows = "SELECT count(*) FROM t"

func TestCommitsUnderAHeldSnapshotAreSeenByOthers(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)")
	c, other := writer(t, path), writer(t, path)
	for _, want := range []string{"1", "2", "3"} {
		held(t, c)
		wantText(t, other, countRows, want)
		wantText(t, recovered(t, path), countRows, want)
	}
	if c.InTransaction() {
		t.Error("a transaction is open")
	}
}

func TestAHeldSnapshotIsNotWrittenToOnceAnotherHasCommitted(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)")
	c, other := writer(t, path), writer(t, path)
	for range 3 {
		held(t, c)
		if err := write(other, "INSERT INTO t VALUES (2)"); err != nil {
			t.Fatal(err)
		}
		if err := c.BeginWrite(); err != nil {
			t.Fatal(err)
		}
		wantText(t, c, countRows, text(t, other, countRows))
		if err := errors.Join(c.Exec("INSERT INTO t VALUES (3)"), c.Commit()); err != nil {
			t.Fatal(err)
		}
	}
	wantText(t, other, countRows, "9")
}

func TestWhoHoldsASnapshotWaitsForAnothersTransactionAsEver(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)")
	c, other := writer(t, path), writer(t, path)
	held(t, c)
	if err := other.BeginWrite(); err != nil {
		t.Fatal(err)
	}
	if err := c.BeginWrite(); !errors.Is(err, sqlite.ErrBusy) {
		t.Errorf("beside it, BeginWrite is %v", err)
	}
	c.Watch(t.Context(), someWait)
	began := make(chan error)
	go func() { began <- c.BeginWrite() }()
	if err := errors.Join(other.Exec("INSERT INTO t VALUES (2)"), other.Commit()); err != nil {
		t.Fatal(err)
	}
	if err := <-began; err != nil {
		t.Fatalf("after it: %v", err)
	}
	wantText(t, c, countRows, "2")
	if err := c.Rollback(); err != nil {
		t.Fatal(err)
	}
}

func TestARollbackUndoesWhatWasWrittenToAHeldSnapshot(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)", "CREATE TABLE u (x UNIQUE ON CONFLICT ROLLBACK)", "INSERT INTO u VALUES (1)")
	c := writer(t, path)
	held(t, c)
	if err := errors.Join(c.BeginWrite(), c.Exec(rows(400)), c.Exec("CREATE TABLE more (x)"), c.Rollback()); err != nil {
		t.Fatal(err)
	}
	held(t, c)
	if err := errors.Join(c.BeginWrite(), c.Exec(rows(400))); err != nil {
		t.Fatal(err)
	}
	if err := c.Exec("INSERT INTO u VALUES (1)"); !errors.Is(err, sqlite.ErrUnique) || c.InTransaction() {
		t.Errorf("a statement that rolls back is %v", err)
	}
	held(t, c)
	wantText(t, c, countRows, "3")
	wantText(t, recovered(t, path), "PRAGMA integrity_check", "ok")
}

func TestACheckpointEndsAHeldSnapshotAndTheLogIsBegunAnew(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)")
	c := writer(t, path)
	held(t, c)
	if pages, copied, err := c.Checkpoint(); err != nil || pages == 0 || copied != pages {
		t.Errorf("%d of %d pages were copied, %v", copied, pages, err)
	}
	held(t, c)
	held(t, c)
	if n := c.LogPages(); n != 2 {
		t.Errorf("the log has %d pages", n)
	}
}
