// Command fleet measures work that goes over many tenants against what people do instead, side by
// side in one run, and writes the report. See docs/benchmarks-fleet.md for what it found;
// `make bench-fleet` in Silo's folder runs it.
package main

import (
	"context"

	"github.com/silokit/silo/bench/internal/many"
	"github.com/silokit/silo/bench/internal/operate"
	"github.com/silokit/silo/bench/internal/program"
	"github.com/silokit/silo/bench/internal/report"
)

func main() {
	p := program.Program{
		Name: "fleet", Groups: []string{"migrate", "ask", "fleet"}, Short: "tenants",
		Fleets: 3, Fleet: many.RunFleet, Measure: measure,
	}
	p.Main()
}

func measure(ctx context.Context, run *program.Run) (_ program.Report, err error) {
	s := many.Setting{Bench: run.Bench, Migrated: 200, Rows: 100, Open: 200, Cold: 2000, Few: 1000, Many: 10_000}
	if run.Quick {
		s.Migrated, s.Cold, s.Few, s.Many, run.Fleets = 100, 400, 500, 2500, 1
	}
	r := report.Fleet{Tables: map[string]operate.Table{}}
	if run.Wants("migrate") {
		s.Say("building goose's command")
		if s.Goose, err = many.BuildGoose(ctx, s.Dir); err != nil {
			s.Say("  without it: %v", err)
		}
		r.Goose = s.Goose != ""
	}
	err = run.Each(func(group string) (err error) {
		var table operate.Table
		switch group {
		case "migrate":
			table, err = s.Migrate(ctx)
		case "ask":
			table, err = s.Ask(ctx)
		default:
			r.Few, r.Many, err = s.RunFleets(ctx, run.Fleets)
			return err
		}
		r.Tables[group] = table
		return err
	})
	if err != nil {
		return nil, err
	}
	r.Head = run.Head(ctx)
	return r, nil
}
