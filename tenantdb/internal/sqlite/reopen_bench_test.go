package sqlite_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// BenchmarkReopen opens files in turn, reads or writes a row and closes them, one with
// its log kept beside and one as SQLite does by default, and so on: what else the machine
// does befalls both. It tells the median of each.
func BenchmarkReopen(b *testing.B) {
	const files = 1000
	for _, work := range []struct{ name, sql string }{{"read", "SELECT count(*) FROM t"}, {"write", "INSERT INTO t VALUES (1)"}} {
		b.Run(work.name, func(b *testing.B) {
			root := folder(b)
			visit := func(i int, kept bool, mode sqlite.Mode, sql string) {
				c, err := sqlite.Open(b.Context(), filepath.Join(root, fmt.Sprintf("%v%d.db", kept, i)), 0, sqlite.Config{Mode: mode})
				if err != nil {
					b.Fatal(err)
				}
				if mode == sqlite.ReadWrite && !kept {
					c.DropLog(b)
				}
				exec(b, c, sql)
				if err := c.Close(); err != nil {
					b.Fatal(err)
				}
			}
			for i := range files {
				for _, kept := range []bool{true, false} {
					visit(i, kept, sqlite.Create, "CREATE TABLE t (a)")
					visit(i, kept, sqlite.Create, "PRAGMA journal_mode=wal")
					visit(i, kept, sqlite.ReadWrite, work.sql)
				}
			}
			var took [2][]time.Duration
			for i := 0; b.Loop(); i++ {
				for n, kept := range []bool{false, true} {
					start := time.Now()
					visit(i%files, kept, sqlite.ReadWrite, work.sql)
					took[n] = append(took[n], time.Since(start))
				}
			}
			var median [2]float64
			for n := range took {
				slices.Sort(took[n])
				median[n] = float64(took[n][len(took[n])/2]) / 1000
			}
			b.ReportMetric(median[0], "µs-default")
			b.ReportMetric(median[1], "µs-kept")
			b.ReportMetric(median[0]/median[1], "times")
		})
	}
}
