package tenantdb_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// ten is a schema of ten migrations, as an application has after a year.
type ten struct{ tenantdb.Tenant }

func (ten) Migrations() fs.FS {
	out := fstest.MapFS{}
	for i := 1; i <= 10; i++ {
		out[fmt.Sprintf("tenant/%05d_step.sql", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, `-- +goose Up
CREATE TABLE t%[1]d (id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL DEFAULT '', at TEXT NOT NULL DEFAULT (datetime('now')));
CREATE INDEX t%[1]d_name ON t%[1]d (name, kind);
INSERT INTO t%[1]d (name, at) VALUES ('first', '2026-01-01 00:00:00.000');
-- +goose Down
DROP TABLE t%[1]d;
`, i)}
	}
	return out
}
func (s ten) Origin() tenantdb.Origin { return origin("ten", s.Migrations()) }

// tenantsOfTen makes a folder of n tenants with ten migrations.
func tenantsOfTen(b *testing.B, n int) (folder string) {
	b.Helper()
	folder = b.TempDir()
	dir, err := tenantdb.Open(b.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		b.Fatal(err)
	}
	store, err := tenantdb.OpenStore[ten](b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	for i := range n {
		if err := store.Create(b.Context(), tenanttest.ID(b, fmt.Sprintf("t%d", i))); err != nil {
			b.Fatal(err)
		}
	}
	if err := dir.Close(); err != nil {
		b.Fatal(err)
	}
	return folder
}

// tenEach is ten with something random, so that its migrations run for each tenant.
type tenEach struct{ tenantdb.Tenant }

func (tenEach) Migrations() fs.FS {
	out := ten{}.Migrations().(fstest.MapFS)
	last := out["tenant/00010_step.sql"]
	last.Data = bytes.Replace(last.Data, []byte("-- +goose Down"), []byte("UPDATE t10 SET kind = hex(randomblob(4));\n-- +goose Down"), 1)
	return out
}
func (s tenEach) Origin() tenantdb.Origin { return origin("ten-each", s.Migrations()) }

// BenchmarkCreate creates, in turn, a tenant that is a copy and one for which ten
// migrations run, both durably, and tells the median of each.
func BenchmarkCreate(b *testing.B) {
	dir := tenanttest.Dir(b, tenantdb.Options{})
	copies, err := tenantdb.OpenStore[ten](b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	each, err := tenantdb.OpenStore[tenEach](b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	creates := [2]func(context.Context, tenantdb.ID) error{each.Create, copies.Create}
	var took [2][]time.Duration
	for i := 0; b.Loop(); i++ {
		for n, create := range creates {
			id := tenanttest.ID(b, fmt.Sprintf("t%d-%d", n, i))
			start := time.Now()
			if err := create(b.Context(), id); err != nil {
				b.Fatal(err)
			}
			took[n] = append(took[n], time.Since(start))
		}
	}
	migrated, copied := median(took[0]), median(took[1])
	b.ReportMetric(migrated, "µs-migrated")
	b.ReportMetric(copied, "µs-copied")
	b.ReportMetric(migrated/copied, "times")
}

// BenchmarkCreateCopies is of copies alone, for what they allocate.
func BenchmarkCreateCopies(b *testing.B) {
	dir := tenanttest.Dir(b, tenantdb.Options{})
	store, err := tenantdb.OpenStore[ten](b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := store.Create(b.Context(), tenanttest.ID(b, fmt.Sprintf("t%d", i))); err != nil {
			b.Fatal(err)
		}
	}
}

// median returns the median of times, in microseconds.
func median(times []time.Duration) float64 {
	slices.Sort(times)
	return float64(times[len(times)/2]) / 1000
}

// benchmarkResolve resolves tenants in turn, of which one is open at once.
func benchmarkResolve(b *testing.B, folder string, tenants int) {
	dir := tenanttest.Dir(b, tenantdb.Options{Path: folder, MaxOpen: 1})
	store, err := tenantdb.OpenStore[ten](b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		ctx, err := tenantdb.WithTenant(b.Context(), tenanttest.ID(b, fmt.Sprintf("t%d", i%tenants)))
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		if _, err := store.Resolve(ctx); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	b.ReportMetric(median(took), "µs-median")
}

// BenchmarkReopen closes a tenant and opens another that was open before.
func BenchmarkReopen(b *testing.B) {
	const tenants = 200
	benchmarkResolve(b, tenantsOfTen(b, tenants), tenants)
}

// BenchmarkFirstOpen opens tenants that were created and never opened.
func BenchmarkFirstOpen(b *testing.B) {
	dir := tenanttest.Dir(b, tenantdb.Options{MaxOpen: 1})
	store, err := tenantdb.OpenStore[ten](b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		name := fmt.Sprintf("t%d", i)
		if err := store.Create(b.Context(), tenanttest.ID(b, name)); err != nil {
			b.Fatal(err)
		}
		ctx := tenanttest.Context(b, name)
		start := time.Now()
		if _, err := store.Resolve(ctx); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	b.ReportMetric(median(took), "µs-median")
}

func BenchmarkResolveOfAnOpenTenant(b *testing.B) { benchmarkResolve(b, tenantsOfTen(b, 1), 1) }
