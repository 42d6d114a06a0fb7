package lifecycle_test

import (
	"fmt"
	"testing"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func BenchmarkCreate(b *testing.B) {
	w := newWorld(b, lifecycle.Options{})
	n := 0
	for b.Loop() {
		n++
		if _, err := w.m.Create(b.Context(), creation{ID: tenanttest.ID(b, fmt.Sprint("t", n))}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBackupAll tells the time for each tenant.
func BenchmarkBackupAll(b *testing.B) {
	for name, how := range map[string]lifecycle.Unchanged{"copied": lifecycle.CopyUnchanged, "skipped": lifecycle.SkipUnchanged} {
		b.Run(name, func(b *testing.B) {
			const tenants = 100
			w := newWorld(b, lifecycle.Options{})
			for i := range tenants {
				w.create(b, fmt.Sprint("t", i), "value")
			}
			for b.Loop() {
				for got, err := range w.m.BackupAll(b.Context(), catalog.Filter{}, lifecycle.BackupOptions{Unchanged: how}) {
					if err != nil || got.Err != nil {
						b.Fatal(err, got.Err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/tenants, "µs/tenant")
		})
	}
}
