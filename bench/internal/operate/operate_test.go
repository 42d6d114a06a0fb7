package operate

import (
	"context"
	"fmt"
	"testing"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
)

// smallSetting does each operation a few times, with the contenders that need nothing but
// Go: the tests hold that operations work, and time nothing.
func smallSetting(t *testing.T) Setting {
	t.Helper()
	return Setting{
		Bench:      Bench{Rounds: measure.Rounds{Count: 1, Scale: 0.01}, Dir: t.TempDir(), Say: t.Logf},
		Contenders: []contend.Contender{contend.Silo, contend.Stock, contend.Prepared, contend.Zombiezen, contend.Shared, contend.Naive},
		Rows:       120, Tenants: 3, Many: 8, Limit: 2,
	}
}

func TestGroups(t *testing.T) {
	s := smallSetting(t)
	groups := map[string]func(context.Context) ([]Table, error){
		"product": func(ctx context.Context) ([]Table, error) { return s.Single(ctx, contend.Product) },
		"fleet":   func(ctx context.Context) ([]Table, error) { return s.Single(ctx, contend.Fleet) },
		"mixed":   func(ctx context.Context) ([]Table, error) { return list(s.Mixed(ctx)) },
		"opening": func(ctx context.Context) ([]Table, error) { return list(s.Opening(ctx)) },
	}
	for name, group := range groups {
		t.Run(name, func(t *testing.T) {
			tables, err := group(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, table := range tables {
				if len(table.Rows) == 0 {
					t.Errorf("table %s is empty", table.ID)
				}
				for _, row := range table.Rows {
					if len(row.Samples["silo"]) != 1 {
						t.Errorf("%s, %s: %d samples of silo, want 1", table.ID, row.ID, len(row.Samples["silo"]))
					}
				}
			}
		})
	}
}

func list(t Table, err error) ([]Table, error) { return []Table{t}, err }

func TestCheckFindsAResultThatDiffers(t *testing.T) {
	s := smallSetting(t)
	ctx := t.Context()
	entrants, err := s.open(ctx, contend.Fleet, "check", 120, 1, func(c contend.Contender) int {
		if c.Name == contend.Stock.Name || c.Name == contend.Prepared.Name {
			return 1
		}
		return 0
	})
	if err != nil {
		t.Fatal(err)
	}
	defer closeAll(entrants)
	if err := check(ctx, entrants); err != nil {
		t.Fatalf("the same contender twice: %v", err)
	}
	other, err := entrants[1].tenants.Tenant(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Insert(1); err != nil { // one row that the first does not have
		t.Fatal(err)
	}
	if err := check(ctx, entrants); err == nil {
		t.Error("a row more in one contender's list was not noticed")
	}
}

func TestMemoryIsMeasured(t *testing.T) {
	ctx := t.Context()
	for _, l := range loads {
		for _, c := range []contend.Contender{contend.Silo, contend.Stock, contend.Zombiezen} {
			if !l.can(c) {
				continue
			}
			dir := t.TempDir()
			if err := prepareMemory(ctx, c, l, dir, 8); err != nil {
				t.Fatal(err)
			}
			if _, _, err := Measure(ctx, fmt.Sprintf("%s,%s,0s,8,%s", c.Name, l.id, dir)); err != nil {
				t.Errorf("%s, %s: %v", c.Name, l.id, err)
			}
		}
	}
	if _, _, err := Measure(ctx, "silo,read"); err == nil {
		t.Error("an argument that is too short was accepted")
	}
}

func TestRoutingTableReadsBenchmarks(t *testing.T) {
	table := routingTable(`goos: linux
BenchmarkAcquireOpen-2           	 1684120	       157.5 ns/op	       0 B/op	       0 allocs/op
BenchmarkAcquireOpen-2           	 1684120	       140 ns/op	       0 B/op	       0 allocs/op
BenchmarkRouting 	 1000	       50.1 ns/op	       8 B/op	       1 allocs/op
PASS
`)
	if len(table.Rows) != 2 {
		t.Fatalf("%d rows, want 2", len(table.Rows))
	}
	if got := table.Row("acquireopen").Samples["silo"]; len(got) != 2 || got[0].Wall != 157.5 {
		t.Errorf("samples of the cache %v", got)
	}
	if got := table.Row("routing").Samples["silo"]; len(got) != 1 || got[0].Allocs != 1 || got[0].Bytes != 8 {
		t.Errorf("samples of routing %v", got)
	}
}
