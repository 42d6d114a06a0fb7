package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// BenchmarkOpenTenants opens tenants of the reference application, runs ten statements that
// read on each, and tells in KB for each tenant by how much the process has grown, what of
// that are files' pages and Go's heap, and what SQLite asked for.
func BenchmarkOpenTenants(b *testing.B) {
	kit := tenanttest.New(b, tenantdb.OpenStore[tenant.Schema])
	const first, n = 10, 410 // what the first take is not theirs alone
	var tenants []tenanttest.Tenant[tenant.Schema]
	for i := range n {
		tenants = append(tenants, kit.Tenant(fmt.Sprintf("t%03d", i)))
	}
	kb := func(bytes int) float64 { return float64(bytes) / 1024 }
	for b.Loop() {
		tenantdb.EvictIdle(kit.Dir, n)
		use := func(tenants []tenanttest.Tenant[tenant.Schema]) {
			for _, t := range tenants {
				if err := readTen(t.Context, tenant.New(t.DB)); err != nil {
					b.Fatal(err)
				}
			}
		}
		use(tenants[:first])
		rss0, files0, heap0 := memory(b)
		use(tenants[first:])
		rss1, files1, heap1 := memory(b)
		used := tenantdb.UsageOf(b, kit.Dir, tenants[n-1].DB)
		b.ReportMetric((rss1-rss0)/(n-first), "KB")
		b.ReportMetric((files1-files0)/(n-first), "KB-files")
		b.ReportMetric((heap1-heap0)/(n-first), "KB-heap")
		b.ReportMetric(kb(used.Schema), "KB-schema")
		b.ReportMetric(kb(used.Statements), "KB-statements")
		b.ReportMetric(kb(used.Pages), "KB-pages")
	}
}

// memory returns, in KB, what is resident, what of that are pages of files, as proc(5) has
// them in statm, and Go's heap.
func memory(b *testing.B) (resident, files, heap float64) {
	b.Helper()
	debug.FreeOSMemory()
	content, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Fatal(err)
	}
	var size, all, shared int
	if _, err := fmt.Sscan(string(content), &size, &all, &shared); err != nil {
		b.Fatal(err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	page := float64(os.Getpagesize()) / 1024
	return float64(all) * page, float64(shared) * page, float64(m.HeapAlloc) / 1024
}

func readTen(ctx context.Context, q *tenant.Queries) error {
	var errs [8]error
	_, errs[0] = q.ListConfig(ctx)
	_, errs[1] = q.ListModules(ctx, nil)
	_, errs[2] = q.ListAuditLog(ctx, 10)
	_, errs[3] = q.CountAuditLog(ctx)
	_, errs[4] = q.ListActionsOfModule(ctx, "none")
	_, errs[5] = q.ListActionsWithLastRun(ctx)
	_, errs[6] = q.SummarizeRuns(ctx, tenant.SummarizeRunsParams{UntilMs: 1})
	_, errs[7] = q.SummarizeRunsByHour(ctx, tenant.SummarizeRunsByHourParams{UntilMs: 1})
	_, _ = q.GetConfig(ctx, "none")
	_, _ = q.GetModule(ctx, "none")
	return errors.Join(errs[:]...)
}
