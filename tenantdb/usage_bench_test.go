package tenantdb_test

import (
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// BenchmarkUsage is a point read as a whole, and what of that is counting it.
func BenchmarkUsage(b *testing.B) {
	b.Run("PointRead", func(b *testing.B) {
		ctx, db := newPath(b)
		k := key(100)
		for b.Loop() {
			if _, err := tenant.New(db).GetConfig(ctx, k); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Counting", func(b *testing.B) {
		count := tenantdb.Counting()
		b.ReportAllocs()
		for b.Loop() {
			count()
		}
	})
}
