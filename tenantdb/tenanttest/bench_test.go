package tenanttest_test

import (
	"fmt"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// BenchmarkKit is what a test pays for a kit with two tenants, its checks at the end
// included, and BenchmarkTenant for one more tenant.
func BenchmarkKit(b *testing.B) {
	for b.Loop() {
		r := &recorder{TB: b, told: make(chan struct{}, 100)}
		tenanttest.New(r, tenant.Open).Two()
		r.end()
	}
}

func BenchmarkTenant(b *testing.B) {
	kit := tenanttest.New(b, tenant.Open)
	n := 0
	for b.Loop() {
		n++
		kit.Tenant(fmt.Sprintf("t%d", n))
	}
}
