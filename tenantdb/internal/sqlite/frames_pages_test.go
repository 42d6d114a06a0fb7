package sqlite_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// A full-text table writes its index within COMMIT, and a file that shrinks by itself moves
// its pages there: pages may leave the cache then and be read again from the log.
func TestACommitReadsWhatItHasGathered(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)", "CREATE VIRTUAL TABLE f USING fts5(x)")
	c := writer(t, path)
	for n := range 20 {
		words := fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO f SELECT hex(randomblob(10)) || ' ' || hex(randomblob(20)) || ' ' || hex(randomblob(60)) FROM n", 600+90*n)
		if err := write(c, words); err != nil {
			t.Fatalf("commit %d: %v", n, err)
		}
		if c.LogPages() >= 1000 {
			if _, _, err := c.Checkpoint(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := write(c, "INSERT INTO f(f) VALUES ('integrity-check')"); err != nil {
		t.Error(err)
	}
	wantText(t, recovered(t, path), "PRAGMA integrity_check", "ok")
}

func TestACommitThatMakesTheFileSmallerReadsWhatItHasGathered(t *testing.T) {
	path := created(t, "PRAGMA auto_vacuum=full", "CREATE TABLE t (x)", "PRAGMA journal_mode=wal")
	c := writer(t, path)
	for n := range 10 {
		if err := errors.Join(write(c, rows(600)), write(c, fmt.Sprintf("DELETE FROM t WHERE rowid %% 3 = %d", n%3))); err != nil {
			t.Fatal(err)
		}
		again := recovered(t, path)
		wantText(t, again, "PRAGMA integrity_check", "ok")
		wantText(t, again, digest, text(t, c, digest))
	}
}

// With pages of all sizes the last frame may be the one that no longer fits to what was
// gathered, and after pages were written twice its checksums are written after it.
func TestCommitsAreWholeInTheLogWithPagesOfAllSizes(t *testing.T) {
	for _, size := range []int{1024, 4096, 8192, 16384, 65536} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			for _, n := range []int{1, 3, 7, 14, 15, 16} {
				path := created(t, fmt.Sprintf("PRAGMA page_size=%d", size), "CREATE TABLE t (x)", "CREATE TABLE u (x)", "PRAGMA journal_mode=wal")
				c := writer(t, path)
				insert := func(table string, count int) string {
					return fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO %s SELECT randomblob(%d) FROM n", count, table, size-200)
				}
				if err := write(c, insert("t", 800*1024/size), "UPDATE t SET x = randomblob(length(x)) WHERE rowid < 5", insert("u", n)); err != nil {
					t.Fatal(err)
				}
				wantText(t, recovered(t, path), "SELECT count(*) FROM u", fmt.Sprint(n))
			}
		})
	}
}

// A commit that is refused leaves its transaction open, which reads what had left the
// cache within it.
func TestATransactionWhoseCommitIsRefusedGoesOn(t *testing.T) {
	path := file(t, "CREATE TABLE p (id INTEGER PRIMARY KEY)", "CREATE TABLE c (p REFERENCES p DEFERRABLE INITIALLY DEFERRED)", "CREATE TABLE t (x)", "CREATE VIRTUAL TABLE f USING fts5(x)")
	c := writer(t, path)
	words := "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO f SELECT hex(randomblob(60)) FROM n"
	if err := errors.Join(c.BeginWrite(), c.Exec(words), c.Exec(rows(300)), c.Exec("INSERT INTO c VALUES (7)")); err != nil {
		t.Fatal(err)
	}
	if err := c.Commit(); !errors.Is(err, sqlite.ErrForeignKey) || !c.InTransaction() {
		t.Fatalf("the commit is %v, in a transaction %t", err, c.InTransaction())
	}
	if err := errors.Join(c.Exec("INSERT INTO p VALUES (7)"), c.Commit()); err != nil {
		t.Fatal(err)
	}
	again := recovered(t, path)
	wantText(t, again, "PRAGMA integrity_check", "ok")
	wantText(t, again, "SELECT (SELECT count(*) FROM f) || ' ' || (SELECT count(*) FROM t) || ' ' || (SELECT count(*) FROM c)", "3000 300 1")
}

// created makes a file by SQL that must come before all else.
func created(t *testing.T, statements ...string) string {
	t.Helper()
	path := filepath.Join(folder(t), "tenant.db")
	c, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: sqlite.Create})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, c, statements...)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheSQLiteAtHandIsTheOneThatWasRead(t *testing.T) {
	if !sqlite.Verified {
		t.Error("read frames.go and adopt.go anew beside this version of SQLite, then name it in verified.go")
	}
}
