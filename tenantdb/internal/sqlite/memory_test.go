//go:build memory.counters

package sqlite_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"modernc.org/libc"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// SQLite's memory is not the collector's: what is not freed by hand is lost. With
// the build tag memory.counters, and only then, the allocator counts what it has
// given out: go test -tags memory.counters.
func TestEveryAllocationOutsideGoIsFreed(t *testing.T) {
	path := file(t, "CREATE TABLE t (a UNIQUE, b)")
	large := strings.Repeat("x", 100_000)
	cycle := func() {
		c, err := sqlite.Open(t.Context(), path, 0, sqlite.Config{})
		if err != nil {
			t.Fatal(err)
		}
		exec(t, c, "BEGIN")
		for range 2 {
			insert := mustCache(t, c, "INSERT INTO t VALUES (?1, ?2)")
			for _, grown := range []string{"small", large[:1000], large[:10_000]} {
				if err := errors.Join(insert.BindText(1, large), insert.BindText(2, grown)); err != nil {
					t.Fatal(err)
				}
			}
			_, err = insert.Step() // fails the second time
			insert.Reset()
		}
		if err == nil {
			t.Fatal("a value was stored twice")
		}
		for _, sql := range []string{"SELECT nope", "SELECT 1; SELECT 2", "", "DROP TABLE t", "INSERT INTO t VALUES ('small', ?1)"} {
			_ = app(c, sql, large) // all but the last are refused
		}
		exec(t, c, "ROLLBACK")
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := sqlite.Open(t.Context(), filepath.Dir(path), 0, sqlite.Config{}); err == nil {
			t.Fatal("a folder was opened")
		}
	}
	cycle() // what is allocated once for the process
	before := libc.MemStat().Allocs
	if before == 0 {
		t.Fatal("the allocator does not count")
	}
	const cycles = 50
	for range cycles {
		cycle()
	}
	if after := libc.MemStat().Allocs; after != before {
		t.Errorf("%d allocations live before %d cycles, %d after", before, cycles, after)
	}
}

func TestEverySchemaThatIsLeftIsFreed(t *testing.T) {
	one, other := file(t, everything...), file(t, everything[:2]...)
	cycle := func() {
		kept := new(sqlite.Schemas)
		for _, path := range []string{one, one, other, one} {
			visit(t, kept, path)
		}
		visit(t, kept, one, "BEGIN", "CREATE TABLE undone (a)")
		both, err := sqlite.Open(t.Context(), one, 0, sqlite.Config{Schemas: kept})
		if err != nil {
			t.Fatal(err)
		}
		visit(t, kept, one, useAll...)
		kept.Close()
		if err := both.Close(); err != nil {
			t.Fatal(err)
		}
	}
	cycle()
	before := libc.MemStat().Allocs
	for range 20 {
		cycle()
	}
	if after := libc.MemStat().Allocs; after != before {
		t.Errorf("%d allocations live before, %d after", before, after)
	}
}
