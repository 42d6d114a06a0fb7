package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// withLog makes a database that has a log.
func withLog(t *testing.T, path string) {
	t.Helper()
	c := open(t, path, sqlite.Config{Mode: sqlite.Create})
	exec(t, c, "PRAGMA journal_mode=wal", "CREATE TABLE t (a)")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAConnectionThatIsOvertakenByAnotherFileOfItsNameReadsNothing(t *testing.T) {
	for name, meanwhile := range map[string]func(path, next string) error{
		"replaced": func(path, next string) error { return os.Rename(next, path) },
		"removed":  func(path, _ string) error { return os.Remove(path) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t)
			path, next := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db")
			withLog(t, path)
			withLog(t, next)
			err := sqlite.ClaimAfter(t.Context(), path, 0, func() {
				if err := meanwhile(path, next); err != nil {
					t.Fatal(err)
				}
			})
			if !errors.Is(err, sqlite.ErrMoved) {
				t.Errorf("got %v", err)
			}
			if left, err := filepath.Glob(path + "-*"); err != nil || len(left) > 0 {
				t.Errorf("it has made %q, %v", left, err)
			}
		})
	}
}

func TestAFileIsClaimedOnceWhoeverHasItAloneLetsGo(t *testing.T) {
	path := filepath.Join(folder(t), "a.db")
	withLog(t, path)
	alone, err := sqlite.Seize(t.Context(), path, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), path, time.Millisecond, sqlite.Config{}); !errors.Is(err, sqlite.ErrBusy) {
		t.Errorf("beside the one who has it alone: %v", err)
	}
	ending, end := context.WithCancel(t.Context())
	end()
	if _, err := sqlite.Open(ending, path, time.Minute, sqlite.Config{}); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
	opened := make(chan error)
	go func() {
		c, err := sqlite.Open(t.Context(), path, time.Minute, sqlite.Config{})
		if err == nil {
			err = c.Close()
		}
		opened <- err
	}()
	if err := alone.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; err != nil {
		t.Errorf("once it was let go: %v", err)
	}
}

func TestAFileThatIsReadIsNotSeized(t *testing.T) {
	path := filepath.Join(folder(t), "a.db")
	withLog(t, path)
	reader := open(t, path, sqlite.Config{}) // idle, but it has read
	exec(t, reader, "SELECT * FROM t")
	if _, err := sqlite.Seize(t.Context(), path, time.Millisecond); !errors.Is(err, sqlite.ErrBusy) {
		t.Errorf("got %v", err)
	}
}
