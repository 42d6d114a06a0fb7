// Command lifecycle measures operations on tenants against what people do instead, side by
// side in one run, and writes the report. See docs/benchmarks-lifecycle.md for what it
// found; `make bench-lifecycle` in Silo's folder runs it.
package main

import (
	"context"
	"errors"
	"strings"

	"github.com/silokit/silo/bench/internal/cycle"
	"github.com/silokit/silo/bench/internal/machine"
	"github.com/silokit/silo/bench/internal/operate"
	"github.com/silokit/silo/bench/internal/program"
	"github.com/silokit/silo/bench/internal/report"
)

func main() {
	p := program.Program{
		Name: "lifecycle", Groups: []string{"create", "backup", "writer", "copies", "fleet"},
		Short:  "operations, rows and tenants",
		Fleets: 1, Fleet: cycle.RunFleet, Measure: measure,
	}
	p.Main()
}

func measure(ctx context.Context, run *program.Run) (_ program.Report, err error) {
	s := cycle.Setting{Bench: run.Bench, Tenants: 100, SmallRows: 100, LargeRows: 60_000, Large: 6, Few: 1000, Many: 10_000}
	if run.Quick {
		s.Tenants, s.LargeRows, s.Large, s.Few, s.Many = 20, 10_000, 3, 100, 1000
	}
	defer func() { err = errors.Join(err, s.Clear()) }()
	r := report.Lifecycle{Tables: map[string]operate.Table{}, Shell: machine.Version(ctx, "sqlite3")}
	err = run.Each(func(group string) (err error) {
		var table operate.Table
		switch group {
		case "create":
			table, err = s.Create(ctx)
		case "backup":
			table, err = s.Backup(ctx)
		case "writer":
			table, r.Ended, err = s.Writer(ctx)
		case "copies":
			table, err = s.Copies(ctx)
		default:
			r.Few, r.Many, err = s.Fleets(ctx, run.Fleets)
			return err
		}
		r.Tables[group] = table
		return err
	})
	if err != nil {
		return nil, err
	}
	var more [][2]string
	if version, _, _ := strings.Cut(r.Shell, " "); version != "" {
		more = append(more, [2]string{"SQLite's shell", version})
	}
	r.Head = run.Head(ctx, more...)
	return r, nil
}
