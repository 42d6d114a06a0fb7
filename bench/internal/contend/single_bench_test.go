package contend_test

import (
	"context"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/silokit/silo/bench/internal/contend"
)

// BenchmarkSingle runs one operation on one tenant that is open, for a profile of it: what
// `make bench` compares, of one contender at a time.
func BenchmarkSingle(b *testing.B) {
	contenders, _ := contend.All()
	for _, schema := range []contend.Schema{contend.Product, contend.Fleet} {
		for _, c := range contenders {
			if c.OneFile || !c.Knows(schema) {
				continue
			}
			b.Run(string(schema)+"/"+c.Name, func(b *testing.B) { single(b, c, schema) })
		}
	}
}

func single(b *testing.B, c contend.Contender, schema contend.Schema) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	tenants, err := c.Open(ctx, contend.Options{Schema: schema, Dir: b.TempDir(), Rows: 1000, MaxOpen: 10})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := tenants.Close(); err != nil {
			b.Error(err)
		}
	}()
	if err := tenants.Prepare(ctx, 1); err != nil {
		b.Fatal(err)
	}
	t, err := tenants.Tenant(ctx, 0)
	if err != nil {
		b.Fatal(err)
	}
	for _, o := range []struct {
		name string
		kind contend.Kind
		then int // so many of them after an update, which is counted with them
	}{
		{"point", contend.Point, 0}, {"warm100", contend.Point, 100}, {"warm10", contend.Point, 10}, {"text", contend.Text, 0},
		{"list10", contend.List10, 0}, {"list100", contend.List100, 0},
		{"insert", contend.Insert, 0}, {"update", contend.Update, 0}, {"upsert", contend.Upsert, 0},
		{"tx5", contend.Bulk5, 0}, {"tx100", contend.Bulk100, 0},
	} {
		b.Run(o.name, func(b *testing.B) {
			b.ReportAllocs()
			before := processTime()
			for i, n := 0, o.then; i < b.N; i += n {
				if n == 0 {
					n = b.N
				} else if err := contend.Run(t, contend.Update, i/n, 1); err != nil {
					b.Fatal(err)
				}
				if err := contend.Run(t, o.kind, i, min(n, b.N-i)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(processTime()-before)/float64(b.N), "cpu-ns/op")
		})
	}
}

// processTime is the processor time that the process has used, which other processes
// disturb less than they do the clock.
func processTime() time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		panic(err) // cannot fail with these arguments
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
