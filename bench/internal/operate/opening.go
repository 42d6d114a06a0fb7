package operate

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
)

// Opening measures what a tenant costs that is not open, on those contenders that have a
// file a tenant. One tenant may be open at a time, so that each that is asked for puts
// the one before out; closing that is counted with it.
func (s Setting) Opening(ctx context.Context) (table Table, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	entrants, err := s.open(ctx, contend.Product, "opening", 100, 1, func(c contend.Contender) int {
		if c.OneFile || c.Bare {
			return 0
		}
		return s.Many
	})
	if err != nil {
		return Table{}, err
	}
	defer func() { err = errors.Join(err, closeAll(entrants)) }()
	table = Table{ID: "opening", Order: names(entrants)}
	steps := []struct {
		id, title string
		n         int
		begin     func(entrant) *measure.Task
	}{
		{"first", "open a new tenant for the first time, count rows", 20, func(e entrant) *measure.Task { return first(ctx, e) }},
		{"reopen", "open again, read a row", 60, func(e entrant) *measure.Task { return s.reopen(ctx, e, contend.Point) }},
		{"rewrite", "open again, update a row", 40, func(e entrant) *measure.Task { return s.reopen(ctx, e, contend.Update) }},
		{"storm", fmt.Sprintf("open %d again in one go, read a row of each", s.Many), 1, func(e entrant) *measure.Task { return s.storm(ctx, e) }},
		{"create", "create a tenant (sqlc: goose's migrations, one by one)", 10, func(e entrant) *measure.Task { return create(ctx, e) }},
	}
	for _, step := range steps {
		if err := s.compare(&table, step.id, step.title, step.n, entrants, step.begin); err != nil {
			return table, err
		}
	}
	return table, nil
}

// first opens tenants that have never been open.
func first(ctx context.Context, e entrant) *measure.Task {
	next := 0
	task := counted(func(n int) error {
		for i := range n {
			t, err := e.tenants.Tenant(ctx, next+i)
			if err != nil {
				return err
			}
			if _, err := t.Count(); err != nil {
				return err
			}
		}
		return nil
	})
	task.Prepare = func(n int) (err error) {
		next, err = e.tenants.(contend.Starter).Fresh(ctx, n)
		return err
	}
	return task
}

// reopen opens tenants again, in turn, and does one operation on each.
func (s Setting) reopen(ctx context.Context, e entrant, kind contend.Kind) *measure.Task {
	next := 0
	return counted(func(n int) error {
		for range n {
			if err := s.visit(ctx, e, kind, next); err != nil {
				return err
			}
			next++
		}
		return nil
	})
}

// visit does one operation on a tenant that is mostly not open.
func (s Setting) visit(ctx context.Context, e entrant, kind contend.Kind, i int) error {
	t, err := e.tenants.Tenant(ctx, i%s.Many)
	if err != nil {
		return err
	}
	return contend.Run(t, kind, i, 1)
}

// storm opens all tenants again, one right after the other, as after a start or when a
// job goes through them. A file system that has just freed many inodes, as ext4, takes
// longer to find one: a few files opened now and then do not show what SQLite's default
// costs, which removes the log and its index with the last connection and makes them anew
// with the next.
func (s Setting) storm(ctx context.Context, e entrant) *measure.Task {
	return counted(func(n int) error {
		for range n {
			for i := range s.Many {
				if err := s.visit(ctx, e, contend.Point, i); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// create makes tenants, as silo does and as people do with goose.
func create(ctx context.Context, e entrant) *measure.Task {
	if e.Name != contend.Silo.Name && e.Name != contend.Stock.Name {
		return nil
	}
	return counted(func(n int) error {
		for range n {
			if err := e.tenants.(contend.Starter).Create(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}
