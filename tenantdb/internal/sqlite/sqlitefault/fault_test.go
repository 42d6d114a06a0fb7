package sqlitefault_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
)

// open opens a new database with a log, below a folder that has a plan.
func open(t *testing.T) (*sqlite.Conn, *sqlitefault.Plan) {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "a.db")
	maker, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Mode: sqlite.Create})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(maker.Exec("PRAGMA journal_mode=wal"), maker.Exec("CREATE TABLE t (a)"), maker.Close()); err != nil {
		t.Fatal(err)
	}
	plan := sqlitefault.Below(t, folder)
	c, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{Synchronous: sqlite.Full})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c, plan
}

const insert = "INSERT INTO t VALUES (1)"

func rows(t *testing.T, c *sqlite.Conn) (n int64) {
	t.Helper()
	if _, err := c.QueryRow("SELECT count(*) FROM t", func(s *sqlite.Stmt) { n = s.ColumnInt(0) }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOperationsFailAsPlannedAndTheirStatementsWithThem(t *testing.T) {
	const checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)"
	tests := []struct {
		name  string
		fault sqlitefault.Fault
		sql   string
		want  error
	}{
		{"a write of the log", sqlitefault.Fault{File: sqlitefault.Log, Op: sqlitefault.Write, Code: sqlitefault.WriteFailed}, insert, sqlite.ErrIO},
		{"half a write of the log", sqlitefault.Fault{File: sqlitefault.Log, Op: sqlitefault.Write, After: 1, Code: sqlitefault.DiskFull, Half: true}, insert, sqlite.ErrDiskFull},
		{"the sync of the log", sqlitefault.Fault{File: sqlitefault.Log, Op: sqlitefault.Sync, Code: sqlitefault.SyncFailed}, insert, sqlite.ErrIO},
		{"a write of the database", sqlitefault.Fault{File: sqlitefault.Database, Op: sqlitefault.Write, Code: sqlitefault.DiskFull}, checkpoint, sqlite.ErrDiskFull},
		{"the sync of the database", sqlitefault.Fault{File: sqlitefault.Database, Op: sqlitefault.Sync, Code: sqlitefault.SyncFailed}, checkpoint, sqlite.ErrIO},
		{"reading the log", sqlitefault.Fault{File: sqlitefault.Log, Op: sqlitefault.Read, Code: sqlitefault.ShortRead}, checkpoint, sqlite.ErrIO},
		{"cutting the log", sqlitefault.Fault{File: sqlitefault.Log, Op: sqlitefault.Truncate, Code: sqlitefault.TruncateFailed}, checkpoint, sqlite.ErrIO},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, plan := open(t)
			if err := c.Exec(insert); err != nil {
				t.Fatal(err)
			}
			plan.Arm(test.fault)
			if err := c.Exec(test.sql); !errors.Is(err, test.want) {
				t.Errorf("%s is %v, want %v", test.sql, err, test.want)
			}
			if failed := plan.Disarm(); failed != 1 {
				t.Errorf("%d operations failed", failed)
			}
			if n := rows(t, c); n != 1 {
				t.Errorf("there are %d rows", n)
			}
			if err := errors.Join(c.Exec(insert), c.Exec(checkpoint)); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestOfAFolderWithoutAPlanNothingFails(t *testing.T) {
	c, _ := open(t)
	other := sqlitefault.Below(t, t.TempDir())
	other.Arm(sqlitefault.Fault{File: sqlitefault.Log, Op: sqlitefault.Write, Times: 100, Code: sqlitefault.DiskFull})
	if err := c.Exec(insert); err != nil {
		t.Error(err)
	}
	if failed := other.Disarm(); failed != 0 {
		t.Errorf("%d operations failed", failed)
	}
}
