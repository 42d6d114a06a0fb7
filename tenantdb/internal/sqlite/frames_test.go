package sqlite_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
)

// writer opens a connection whose commits are gathered.
func writer(t *testing.T, path string) *sqlite.Conn {
	t.Helper()
	c := open(t, path, sqlite.Config{})
	c.WatchLog()
	wantText(t, c, "SELECT count(*) FROM sqlite_schema WHERE name = 't'", "1")
	c.Settle()
	return c
}

// write runs SQL in one transaction.
func write(c *sqlite.Conn, statements ...string) error {
	if err := c.BeginWrite(); err != nil {
		return err
	}
	for _, sql := range statements {
		if err := c.Exec(sql); err != nil {
			return errors.Join(err, c.Rollback())
		}
	}
	err := c.Commit()
	if err != nil && c.InTransaction() {
		err = errors.Join(err, c.Rollback())
	}
	return err
}

// rows inserts so many rows that fill a page each.
func rows(n int) string {
	return fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO t SELECT hex(randomblob(1900)) FROM n", n)
}

// recovered opens a copy of the database and of its log, which is read from its beginning
// as after a crash of the machine.
func recovered(t *testing.T, path string) *sqlite.Conn {
	t.Helper()
	to := filepath.Join(folder(t), "copy.db")
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+suffix, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return open(t, to, sqlite.Config{})
}

const digest = "SELECT count(*) || ' ' || coalesce(sum(length(x)), 0) || ' ' || coalesce(group_concat(substr(x, 1, 8)), '') FROM t"

func TestCommitsOfAllSizesAreWholeInTheLog(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)")
	c := writer(t, path)
	for _, test := range []struct {
		name string
		sql  []string
	}{
		{"of one page", []string{"INSERT INTO t VALUES ('one')"}},
		{"of a page less than are gathered", []string{rows(12)}},
		{"of about as many as are gathered", []string{rows(13)}},
		{"of a few more", []string{rows(14)}},
		{"of twice as many", []string{rows(30)}},
		{"of more than the cache holds", []string{rows(400)}},
		{"in which what had left the cache is written again", []string{rows(400), "UPDATE t SET x = 'a' || x", "UPDATE t SET x = 'b' || substr(x, 2)"}},
		{"in which all is rolled back but the last", []string{"SAVEPOINT s", rows(400), "ROLLBACK TO s", "RELEASE s", rows(3)}},
		{"that makes the file smaller", []string{"DELETE FROM t WHERE rowid > 20"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := write(c, test.sql...); err != nil {
				t.Fatal(err)
			}
			again := recovered(t, path)
			wantText(t, again, "PRAGMA integrity_check", "ok")
			wantText(t, again, digest, text(t, c, digest))
		})
	}
}

func TestWhatIsRolledBackIsNotWrittenOverWhatAnotherHasCommitted(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)")
	c, other := writer(t, path), writer(t, path)
	for range 3 {
		if err := errors.Join(c.BeginWrite(), c.Exec(rows(400)), c.Rollback(), write(other, rows(20))); err != nil {
			t.Fatal(err)
		}
		want := text(t, other, digest)
		wantText(t, c, digest, want) // which reads the log
		again := recovered(t, path)
		wantText(t, again, "PRAGMA integrity_check", "ok")
		wantText(t, again, digest, want)
	}
}

// The transaction goes on as if COMMIT had not been tried, and writes when its cache is full.
func TestWhatIsRolledBackAfterACommitThatWasRefusedIsNotWrittenLater(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)", "CREATE TABLE p (id INTEGER PRIMARY KEY)", "CREATE TABLE c (p REFERENCES p DEFERRABLE INITIALLY DEFERRED)")
	c, other := writer(t, path), writer(t, path)
	if err := errors.Join(c.BeginWrite(), c.Exec("INSERT INTO c VALUES (7)")); err != nil {
		t.Fatal(err)
	}
	if err := c.Commit(); !errors.Is(err, sqlite.ErrForeignKey) {
		t.Fatalf("the commit is %v", err)
	}
	if err := errors.Join(c.Exec(rows(400)), c.Rollback(), write(other, rows(500))); err != nil {
		t.Fatal(err)
	}
	want := text(t, other, digest)
	wantText(t, c, digest, want) // which reads the log
	again := recovered(t, path)
	wantText(t, again, "PRAGMA integrity_check", "ok")
	wantText(t, again, digest, want)
}

func TestACommitOfFewPagesIsOneWriteAndFailsWithIt(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)")
	plan := sqlitefault.Below(t, filepath.Dir(path))
	c := writer(t, path)
	if err := write(c, rows(5)); err != nil {
		t.Fatal(err)
	}
	before := text(t, c, digest)
	plan.Arm(sqlitefault.Fault{File: sqlitefault.Log, Op: sqlitefault.Write, After: 1, Code: sqlitefault.DiskFull})
	if err := write(c, rows(5)); err != nil {
		t.Errorf("a second write was made: %v", err)
	}
	if failed := plan.Disarm(); failed != 0 {
		t.Errorf("%d writes failed", failed)
	}
	after := text(t, c, digest)
	if after == before {
		t.Error("nothing was written")
	}
	for _, pages := range []int{5, 20, 21} { // written at once, and with a write before the last
		for _, half := range []bool{false, true} {
			plan.Arm(sqlitefault.Fault{File: sqlitefault.Log, Op: sqlitefault.Write, Code: sqlitefault.DiskFull, Half: half})
			if err := write(c, rows(pages)); !errors.Is(err, sqlite.ErrDiskFull) {
				t.Errorf("on a full disk the commit of %d pages is %v", pages, err)
			}
			plan.Disarm()
			wantText(t, c, digest, after)
			wantText(t, recovered(t, path), digest, after)
		}
	}
	if err := write(c, rows(20)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	wantText(t, recovered(t, path), digest, text(t, c, digest))
}

func TestACommitHasTheSameBytesAsOneThatIsNotGathered(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)")
	copies := [2]string{filepath.Join(folder(t), "a.db"), filepath.Join(folder(t), "b.db")}
	c := writer(t, path)
	if err := write(c, "INSERT INTO t VALUES ('first')"); err != nil {
		t.Fatal(err)
	}
	var logs [2]string
	for i, to := range copies { // of a log that is begun, with its salt
		for _, suffix := range []string{"", "-wal"} {
			from, err := os.Open(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(from)
			if err := errors.Join(err, from.Close(), os.WriteFile(to+suffix, content, 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		again := writer(t, to)
		if i == 0 {
			again.DoNotGather()
		}
		for n := range 40 {
			if err := write(again, fmt.Sprintf("INSERT INTO t VALUES ('%s')", strings.Repeat(fmt.Sprint(n), 100*n))); err != nil {
				t.Fatal(err)
			}
		}
		log, err := os.ReadFile(to + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		logs[i] = string(log)
	}
	if logs[0] != logs[1] || len(logs[0]) < 40*4096 {
		t.Errorf("the logs differ, of %d and %d bytes", len(logs[0]), len(logs[1]))
	}
}
