package sqlite_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

func TestARefusedFunctionIsToldLikeEverythingElseThatIsRefused(t *testing.T) {
	for _, policy := range []sqlite.Policy{sqlite.Queries, sqlite.Migrations} {
		err := app(memory(t, policy), "SELECT load_extension('x')")
		var of *sqlite.Error
		if !errors.As(err, &of) || !errors.Is(err, sqlite.ErrNotAuthorized) || of.Message != "load_extension is refused" {
			t.Errorf("policy %d: got %v", policy, err)
		}
	}
}

func TestTrustedEndsWithItsOwnCallNotWithOneInside(t *testing.T) {
	c := memory(t, sqlite.Queries)
	err := c.Trusted(func() error {
		if err := c.Exec("CREATE TABLE silo_x (a)"); err != nil {
			return err
		}
		return app(c, "INSERT INTO silo_x VALUES (1)")
	})
	if err != nil {
		t.Error(err)
	}
}

func TestStatementsPreparedBeforeAChangeOfPolicyAreAskedAboutAgain(t *testing.T) {
	c := memory(t, sqlite.Migrations)
	if _, err := c.Cached("CREATE TABLE t (a)"); err != nil {
		t.Fatal(err)
	}
	if err := c.SetPolicy(sqlite.Queries); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Cached("CREATE TABLE t (a)"); !errors.Is(err, sqlite.ErrNotAuthorized) {
		t.Errorf("a statement of the old policy was found under the new one: %v", err)
	}
}

func TestAMigrationCannotEndTheTransactionItRunsIn(t *testing.T) {
	c := memory(t, sqlite.Migrations)
	exec(t, c, "BEGIN", "SAVEPOINT migration")
	for _, sql := range []string{"ROLLBACK", "SAVEPOINT x", "RELEASE migration", "ROLLBACK TO migration"} {
		if err := app(c, sql); !errors.Is(err, sqlite.ErrNotAuthorized) {
			t.Errorf("%s: got %v", sql, err)
		}
	}
	for _, sql := range []string{"COMMIT", "END TRANSACTION", "BEGIN", "BEGIN EXCLUSIVE"} {
		if err := c.Script(sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if !c.InTransaction() {
		t.Error("the transaction was ended")
	}
	exec(t, c, "RELEASE migration", "COMMIT")
}

// SQLite gives names of its own a meaning: a file that must exist does not come
// into being by one of them.
func TestNamesThatMeanSomethingToSQLiteAreNamesOfFiles(t *testing.T) {
	t.Chdir(folder(t))
	for _, path := range []string{"", ":memory:"} {
		for _, mode := range []sqlite.Mode{sqlite.ReadWrite, sqlite.ReadOnly, sqlite.Exclusive, sqlite.Create} {
			c, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: mode})
			if err != nil {
				continue
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			if there, err := filepath.Glob("*memory*"); mode != sqlite.Create || err != nil || len(there) == 0 {
				t.Errorf("mode %d of %q opened a database without a file", mode, path)
			}
		}
	}
}

// As Config says of it: once read, the file is locked until Close.
func TestAnExclusiveConnectionLocksOthersOutOnceItHasRead(t *testing.T) {
	path := file(t, "CREATE TABLE t (a)")
	held := open(t, path, sqlite.Config{Mode: sqlite.Exclusive})
	exec(t, held, "SELECT count(*) FROM t")
	if n, err := tryRead(t, path); !errors.Is(err, sqlite.ErrBusy) {
		t.Errorf("another connection read %q, %v", n, err)
	}
}

func TestARefusalIsNotToldOfALaterStatement(t *testing.T) {
	c := memory(t, sqlite.Queries, "CREATE TABLE t (a UNIQUE)", "INSERT INTO t VALUES (1)")
	insert := mustCache(t, c, "INSERT INTO t VALUES (1)")
	defer insert.Reset()
	if err := app(c, "SELECT 1; ATTACH 'x' AS y"); err == nil {
		t.Fatal("two statements were prepared as one")
	}
	if _, err := insert.Step(); !errors.Is(err, sqlite.ErrUnique) {
		t.Errorf("got %v", err)
	}
}
