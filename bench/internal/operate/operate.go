// Package operate holds the operations that the contenders are compared by: one group a
// file. A group opens the contenders that it is about, has their results compared, and
// measures them.
package operate

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
)

// Row is one operation and what each contender took for it.
type Row struct {
	ID      string // unique within the table
	Title   string
	Samples map[string][]measure.Sample // by the contender's name
}

// Table is what a group measured.
type Table struct {
	ID    string
	Order []string // the contenders
	Rows  []Row
}

// Row returns the row of an ID; an empty one if it was not measured.
func (t Table) Row(id string) Row {
	for _, row := range t.Rows {
		if row.ID == id {
			return row
		}
	}
	return Row{}
}

// Bench is what groups are measured with, whatever they are of.
type Bench struct {
	Rounds measure.Rounds
	Dir    string                           // for folders, on the disk that is measured
	Say    func(format string, args ...any) // tells of progress
}

// Compare measures n operations of each task, and adds them to the table as a row.
func (b Bench) Compare(table *Table, id, title string, n int, tasks ...measure.Task) error {
	b.Say("  %s", title)
	samples, err := b.Rounds.Interleave(n, tasks)
	if err != nil {
		return fmt.Errorf("%s: %w", title, err)
	}
	table.Rows = append(table.Rows, Row{id, title, samples})
	return nil
}

// Setting is what the groups of this package are run with.
type Setting struct {
	Bench

	Contenders []contend.Contender

	Rows    int // that a tenant has at first
	Tenants int // how many are in a shared database, and asked for sums
	Many    int // how many the mixed load is over, and have their memory measured
	Limit   int // how many of these are open at once under the mixed load
}

// entrant is a contender with its folder open.
type entrant struct {
	contend.Contender
	tenants contend.Tenants
}

// open opens the contenders that know the schema and that keep says are wanted, each with
// at least n tenants.
func (s Setting) open(ctx context.Context, schema contend.Schema, folder string, rows, maxOpen int, tenants func(contend.Contender) int) (entrants []entrant, err error) {
	dir := s.Dir + "/" + folder
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	for _, c := range s.Contenders {
		n := tenants(c)
		if !c.Knows(schema) || n == 0 {
			continue
		}
		s.Say("  %s: opening, %d tenants of %d rows", c.Name, n, rows)
		opened, err := c.Open(ctx, contend.Options{Schema: schema, Dir: dir, Rows: rows, MaxOpen: maxOpen})
		if err == nil {
			entrants = append(entrants, entrant{c, opened})
			err = opened.Prepare(ctx, n)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", c.Name, err), closeAll(entrants))
		}
	}
	return entrants, nil
}

func closeAll(entrants []entrant) (err error) {
	for _, e := range entrants {
		if e := e.tenants.Close(); e != nil {
			err = errors.Join(err, e)
		}
	}
	return err
}

func names(entrants []entrant) (names []string) {
	for _, e := range entrants {
		names = append(names, e.Name)
	}
	return names
}

// compare measures one operation of n calls a slice, which begin makes for each entrant;
// where it returns nil, the entrant does not take part.
func (s Setting) compare(table *Table, id, title string, n int, entrants []entrant, begin func(entrant) *measure.Task) error {
	var tasks []measure.Task
	for _, e := range entrants {
		if task := begin(e); task != nil {
			task.Name = e.Name
			tasks = append(tasks, *task)
		}
	}
	return s.Compare(table, id, title, n, tasks...)
}

// counted makes a task of which all is counted.
func counted(run func(n int) error) *measure.Task {
	return &measure.Task{Run: func(timer *measure.Timer, n int) error {
		timer.Start()
		err := run(n)
		timer.Stop(n)
		return err
	}}
}
