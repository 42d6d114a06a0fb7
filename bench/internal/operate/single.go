package operate

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
)

// operation is an operation of one tenant, and how often it is done in a slice: about as
// often as silo does it in 20 ms.
type operation struct {
	id     string
	kind   contend.Kind
	titles map[contend.Schema]string
	n      int
}

func both(title string) map[contend.Schema]string {
	return map[contend.Schema]string{contend.Product: title, contend.Fleet: title}
}

var operations = []operation{
	{"point", contend.Point, map[contend.Schema]string{
		contend.Product: "point read, 4 columns (3 text, 1 time)",
		contend.Fleet:   "point read, 4 columns (2 integers, text, float)",
	}, 4000},
	{"text", contend.Text, map[contend.Schema]string{
		contend.Product: "point read, 7 columns (4 text, 2 times)",
		contend.Fleet:   "point read, 3 text columns",
	}, 4000},
	{"list10", contend.List10, both("latest 10 rows of 7 columns"), 1500},
	{"list100", contend.List100, both("latest 100 rows of 7 columns"), 200},
	{"varying", contend.ListVarying, both("latest rows, LIMIT varies from 5 to 15"), 1500},
	{"insert", contend.Insert, both("insert, autocommit"), 500},
	{"update", contend.Update, both("update, autocommit"), 500},
	{"upsert", contend.Upsert, map[contend.Schema]string{
		contend.Product: "upsert, autocommit",
		contend.Fleet:   "upsert returning the row, autocommit",
	}, 500},
	{"tx5", contend.Bulk5, both("transaction of 5 inserts"), 300},
	{"tx100", contend.Bulk100, both("transaction of 100 inserts"), 30},
}

// Single measures the operations on one tenant that is open. The published figures that are
// of a whole crowd of tenants, on the same folders, come as a table of their own.
func (s Setting) Single(ctx context.Context, schema contend.Schema) (tables []Table, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	entrants, err := s.open(ctx, schema, "single-"+string(schema), s.Rows, 2*s.Tenants, func(c contend.Contender) int {
		if schema == contend.Product && c.Crowd {
			return s.Tenants
		}
		return 1
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, closeAll(entrants)) }()
	if err := check(ctx, entrants); err != nil {
		return nil, err
	}
	if schema == contend.Product {
		if err := checkCounts(ctx, entrants, s.Tenants); err != nil {
			return nil, err
		}
	}
	table := Table{ID: string(schema), Order: names(entrants)}
	for _, o := range operations {
		err := s.compare(&table, o.id, o.titles[schema], o.n, entrants, func(e entrant) *measure.Task { return repeat(ctx, e, o.kind) })
		if err != nil {
			return nil, err
		}
	}
	err = s.compare(&table, "request", "point read, the tenant looked up each time", 1500, entrants, func(e entrant) *measure.Task { return request(ctx, e) })
	if err != nil {
		return nil, err
	}
	for _, reads := range []int{1000, 100, 10} {
		title := fmt.Sprintf("point read, after every %d one update (reads alone)", reads)
		err := s.compare(&table, fmt.Sprintf("warm%d", reads), title, 10_000, entrants, func(e entrant) *measure.Task { return warm(ctx, e, reads) })
		if err != nil {
			return nil, err
		}
	}
	err = s.compare(&table, "parallel", "point read, 2 goroutines", 6000, entrants, func(e entrant) *measure.Task { return parallel(ctx, e) })
	if err != nil {
		return nil, err
	}
	tables = append(tables, table)
	if schema == contend.Product {
		crowd, err := s.crowd(ctx, entrants)
		if err != nil {
			return nil, err
		}
		tables = append(tables, crowd)
	}
	return tables, nil
}

// repeat does one operation again and again, on a tenant that a request has got.
func repeat(ctx context.Context, e entrant, kind contend.Kind) *measure.Task {
	from := 0
	return counted(func(n int) error {
		t, err := e.tenants.Tenant(ctx, 0)
		if err != nil {
			return err
		}
		from += n
		return contend.Run(t, kind, from-n, n)
	})
}

// request reads once a request: the tenant is looked up, and then read from.
func request(ctx context.Context, e entrant) *measure.Task {
	return counted(func(n int) error {
		for i := range n {
			t, err := e.tenants.Tenant(ctx, 0)
			if err != nil {
				return err
			}
			if err := contend.Run(t, contend.Point, i, 1); err != nil {
				return err
			}
		}
		return nil
	})
}

// warm reads, and after so many reads writes once to the same tenant. The reads are
// counted, with what the write before has made dearer in them, and not the writes.
func warm(ctx context.Context, e entrant, reads int) *measure.Task {
	writes := 0
	return &measure.Task{Run: func(timer *measure.Timer, n int) error {
		t, err := e.tenants.Tenant(ctx, 0)
		if err != nil {
			return err
		}
		for i := 0; i < n; i += reads {
			if err := contend.Run(t, contend.Update, writes, 1); err != nil {
				return err
			}
			writes++
			some := min(reads, n-i)
			timer.Start()
			err := contend.Run(t, contend.Point, i, some)
			timer.Stop(some)
			if err != nil {
				return err
			}
		}
		return nil
	}}
}

// parallel reads in two goroutines.
func parallel(ctx context.Context, e entrant) *measure.Task {
	return &measure.Task{Run: func(timer *measure.Timer, n int) (err error) {
		var views [2]contend.Tenant
		t, err := e.tenants.Tenant(ctx, 0)
		if err != nil {
			return err
		}
		for i := range views {
			if views[i], err = t.Again(); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, views[i].Close()) }()
			if err := contend.Run(views[i], contend.Point, 0, 10); err != nil {
				return err
			}
		}
		errs := make([]error, len(views))
		var group sync.WaitGroup
		timer.Start()
		for i, view := range views {
			group.Go(func() { errs[i] = contend.Run(view, contend.Point, i, n/2) })
		}
		group.Wait()
		timer.Stop(n / 2 * 2)
		return errors.Join(errs...)
	}}
}
