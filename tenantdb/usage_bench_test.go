package tenantdb_test

import (
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
)

// BenchmarkUsage is a point read as a whole, while nobody takes the counts and while somebody does.
func BenchmarkUsage(b *testing.B) {
	for name, taken := range map[string]bool{"counted": false, "taken": true} {
		b.Run(name, func(b *testing.B) {
			ctx, db := newPath(b)
			if taken {
				tenantdb.TakeCounts(db)
			}
			k := key(100)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tenant.New(db).GetConfig(ctx, k); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
