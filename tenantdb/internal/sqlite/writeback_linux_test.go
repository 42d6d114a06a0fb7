package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
)

// logSize returns how long the log is, of which the end may be of one that was begun anew.
func logSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestTheSystemIsAskedToWriteWhatWasAddedToTheLogButForItsLastPage(t *testing.T) {
	for _, test := range []struct {
		name  string
		stand func(folder string)
	}{
		{"by SQLite's own files", func(string) {}},
		{"by files that another VFS stands before", func(folder string) { sqlitefault.Below(t, folder) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := file(t, "CREATE TABLE t (x)")
			test.stand(filepath.Dir(path))
			c := writer(t, path)
			for range 40 {
				if err := write(c, rows(5)); err != nil {
					t.Fatal(err)
				}
				descriptor, asked := c.Writeback()
				if name, err := os.Readlink(fmt.Sprint("/proc/self/fd/", descriptor)); err != nil || name != path+"-wal" {
					t.Fatalf("the descriptor is of %s (%v), want the log", name, err)
				}
				if size := logSize(t, path); asked%4096 != 0 || asked > size || size-asked >= sqlite.WritebackStep+4096 {
					t.Fatalf("of %d bytes %d are asked for", size, asked)
				}
			}
			if _, asked := c.Writeback(); asked < 2*sqlite.WritebackStep {
				t.Errorf("%d bytes were asked for in all", asked)
			}
		})
	}
}

func TestALogThatIsBegunAnewIsAskedForAnew(t *testing.T) {
	path := file(t, "CREATE TABLE t (x)")
	c := writer(t, path)
	if err := write(c, rows(300)); err != nil {
		t.Fatal(err)
	}
	_, before := c.Writeback()
	if pages, copied, err := c.Checkpoint(); err != nil || pages != copied {
		t.Fatalf("%d of %d pages are copied: %v", copied, pages, err)
	}
	if err := write(c, rows(1)); err != nil {
		t.Fatal(err)
	}
	if _, asked := c.Writeback(); before == 0 || asked != 0 {
		t.Errorf("%d bytes are asked for, %d before", asked, before)
	}
	if err := write(c, rows(100)); err != nil {
		t.Fatal(err)
	}
	if _, asked := c.Writeback(); asked == 0 || asked >= before {
		t.Errorf("%d bytes are asked for of the new log, %d of the one before", asked, before)
	}
}
