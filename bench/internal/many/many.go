// Package many measures work that goes over many tenants, by package fleet, against what
// people do instead: one file for each group.
package many

import (
	"fmt"

	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// The contenders' names.
const (
	Silo      = "silo" // fleet.Migrate with its four workers, fleet.Query …
	OneByOne  = "silo, one at a time"
	Goose     = "goose's command, a process each"
	GooseHere = "goose, in one process"
	Each      = "silo's Each, a generated query"
	ByHand    = "a loop over database/sql"
	Opening   = "opening alone"
	RolledUp  = "the rollup's table"
)

// Setting is what all groups are run with.
type Setting struct {
	Rounds measure.Rounds
	Dir    string // for the folders, on the disk that is measured
	Goose  string // goose's command, or "" where there is none
	Say    func(format string, args ...any)

	Migrated  int // tenants that are migrated in one go
	Rows      int // of a tenant
	Open      int // tenants that are open and asked
	Cold      int // tenants that are not open and asked
	Few, Many int // tenants of the fleets whose memory is compared
	Fleets    int // how many of each
}

// compare measures n operations of each task.
func (s Setting) compare(table *operate.Table, id, title string, n int, tasks ...measure.Task) error {
	s.Say("  %s", title)
	samples, err := s.Rounds.Interleave(n, tasks)
	if err != nil {
		return fmt.Errorf("%s: %w", title, err)
	}
	table.Rows = append(table.Rows, operate.Row{ID: id, Title: title, Samples: samples})
	return nil
}

// pass is a task that goes over so many things each time, which are its operations. prepare
// is not counted.
func pass(name string, things int, prepare, run func() error) measure.Task {
	return measure.Task{Name: name, Run: func(timer *measure.Timer, n int) error {
		for range n {
			if prepare != nil {
				if err := prepare(); err != nil {
					return err
				}
			}
			timer.Start()
			err := run()
			timer.Stop(things)
			if err != nil {
				return err
			}
		}
		return nil
	}}
}
