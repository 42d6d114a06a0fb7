// Command bench measures Silo's generated queries against what people write instead, side
// by side in one run, and writes the report.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

func main() {
	rounds := flag.Int("rounds", 10, "rounds that count")
	quick := flag.Bool("quick", false, "a short run: fewer rounds, operations and rows")
	flag.Parse()
	if err := run(*rounds, *quick); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(rounds int, quick bool) (err error) {
	dir, err := os.MkdirTemp("", "silo-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	contenders, skipped := contend.All()
	began := time.Now()
	setting := operate.Setting{
		Rounds:     measure.Rounds{Count: rounds, Scale: 1},
		Dir:        dir,
		Contenders: contenders,
		Rows:       5000, Tenants: 200, Many: 1000, Limit: 200,
		Say: func(format string, args ...any) {
			fmt.Fprintf(os.Stderr, "%6.1fs %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
		},
	}
	if quick {
		setting.Rounds = measure.Rounds{Count: min(rounds, 3), Scale: 0.3}
		setting.Rows, setting.Tenants, setting.Many, setting.Limit = 1000, 20, 100, 20
	}
	for _, why := range skipped {
		setting.Say("skipped: %s", why)
	}
	ctx := context.Background()
	for _, schema := range []contend.Schema{contend.Product, contend.Fleet} {
		setting.Say("schema %s", schema)
		tables, err := setting.Single(ctx, schema)
		if err != nil {
			return err
		}
		for _, t := range tables {
			for _, r := range t.Rows {
				fmt.Printf("%-50s", r.Title)
				for _, name := range t.Order {
					if s := r.Samples[name]; s != nil {
						sum := measure.Summarize(s)
						fmt.Printf(" %s %.1fµs %.1fx %.0fB %.0fa;", name, sum.Wall/1000, measure.Ratio(s, r.Samples["silo"]), sum.Bytes, sum.Allocs)
					}
				}
				fmt.Println()
			}
		}
	}
	return nil
}
