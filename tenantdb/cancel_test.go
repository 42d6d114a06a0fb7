package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// lookedAt is a context that ends at a look at it, and counts those that follow. While a
// statement runs, it is looked at each time that SQLite calls the progress handler: each
// few thousand steps of its virtual machine.
type lookedAt struct {
	context.Context
	end   int64 // at which look it ends
	looks atomic.Int64
	after atomic.Int64
}

func (c *lookedAt) Err() error {
	if c.looks.Add(1) < c.end {
		return nil
	}
	c.after.Add(1)
	return context.Canceled
}

// mostLooks is how often at most a call looks at a context that has ended: the statement
// is stopped by the first look; the others make its error, and end the call.
const mostLooks = 8

// mostSteps is how many steps at most a statement runs after its context's end.
const mostSteps = 4000

const counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "

var (
	countOn    = query.Read("CountOn", "cancel.sql:1", counting+"SELECT i FROM n WHERE i < 0")
	sumOn      = query.Read("SumOn", "cancel.sql:2", counting+"SELECT count(*) FROM n, n AS m")
	sortOn     = query.Read("SortOn", "cancel.sql:3", counting+"SELECT i FROM n ORDER BY i DESC")
	everyRow   = query.Read("EveryRow", "cancel.sql:4", counting+"SELECT i FROM n")
	fillOn     = query.Write("FillOn", "cancel.sql:5", "INSERT INTO notes (body) "+counting+"SELECT 'row ' || i FROM n")
	fillAndSay = query.Write("FillAndSay", "cancel.sql:6", "INSERT INTO notes (body) "+counting+"SELECT 'row ' || i FROM n RETURNING id")
	updateOn   = query.Write("UpdateOn", "cancel.sql:7", "UPDATE notes SET body = body || ("+counting+"SELECT max(i) FROM n)")
	deleteOn   = query.Write("DeleteOn", "cancel.sql:8", "DELETE FROM notes WHERE id IN ("+counting+"SELECT i FROM n WHERE i > 2 OR i = 1)")
)

// endlessCalls run for ever, each in its way.
var endlessCalls = map[string]struct {
	writes bool
	run    func(context.Context, query.Binding) error
}{
	"One": {false, func(ctx context.Context, b query.Binding) error {
		_, err := query.One(ctx, b, countOn, scanInt)
		return err
	}},
	"One of a sum": {false, func(ctx context.Context, b query.Binding) error {
		_, err := query.One(ctx, b, sumOn, scanInt)
		return err
	}},
	"Many": {false, func(ctx context.Context, b query.Binding) error {
		_, err := query.Many(ctx, b, countOn, scanInt)
		return err
	}},
	"Many, sorted": {false, func(ctx context.Context, b query.Binding) error {
		_, err := query.Many(ctx, b, sortOn, scanInt)
		return err
	}},
	"Many, rows": {false, func(ctx context.Context, b query.Binding) error {
		_, err := query.Many(ctx, b, everyRow, scanInt)
		return err
	}},
	"Exec": {true, func(ctx context.Context, b query.Binding) error { return query.Exec(ctx, b, fillOn) }},
	"One RETURNING": {true, func(ctx context.Context, b query.Binding) error {
		_, err := query.One(ctx, b, fillAndSay, scanInt)
		return err
	}},
	"ExecRows": {true, func(ctx context.Context, b query.Binding) error {
		_, err := query.ExecRows(ctx, b, updateOn)
		return err
	}},
	"ExecLastID": {true, func(ctx context.Context, b query.Binding) error {
		_, err := query.ExecLastID(ctx, b, fillOn)
		return err
	}},
	"ExecResult": {true, func(ctx context.Context, b query.Binding) error {
		_, err := query.ExecResult(ctx, b, deleteOn)
		return err
	}},
	"Bulk": {true, func(ctx context.Context, b query.Binding) error {
		_, err := query.Bulk(ctx, b, fillOn, make([]struct{}, 3), func(to []query.Value, _ *struct{}) []query.Value { return to })
		return err
	}},
}

func TestACallThatWouldRunForEverStopsAtTheFirstLookAfterItsContextEnds(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	want := []string{"there"}
	if err := add(acme.Context, acme.DB, want[0]); err != nil {
		t.Fatal(err)
	}
	for name, call := range endlessCalls {
		for place, run := range map[string]func(ctx context.Context) error{
			"alone": func(ctx context.Context) error { return call.run(ctx, tenantdb.Bind(acme.DB)) },
			"in Write": func(ctx context.Context) error {
				return acme.DB.Write(ctx, func(ctx context.Context, tx *tenantdb.Tx[notes]) error {
					return errors.Join(add(ctx, tx, "before"), call.run(ctx, tenantdb.Bind(tx)))
				})
			},
			"in Read": func(ctx context.Context) error {
				return acme.DB.Read(ctx, func(ctx context.Context, tx *tenantdb.ReadTx[notes]) error {
					return call.run(ctx, tenantdb.Bind(tx))
				})
			},
		} {
			if call.writes && place == "in Read" {
				continue // which refuses it
			}
			for _, end := range []int64{20, 27} { // later than the looks of its beginning
				ctx := &lookedAt{Context: acme.Context, end: end}
				err := run(ctx)
				if !errors.Is(err, context.Canceled) || errors.Is(err, tenantdb.ErrOutcomeUnknown) {
					t.Errorf("%s %s: got %v", name, place, err)
				}
				if n := ctx.after.Load(); n > mostLooks {
					t.Errorf("%s %s: it was looked at %d times after its end", name, place, n)
				}
				// The same connections work, and what was written is undone.
				if got, err := list(acme.Context, acme.DB); err != nil || !slices.Equal(got, want) {
					t.Fatalf("%s %s: there are %q, %v; want %q", name, place, got, err, want)
				}
				want = append(want, fmt.Sprint(name, place, end))
				if err := add(acme.Context, acme.DB, want[len(want)-1]); err != nil {
					t.Fatalf("%s %s: writing afterwards: %v", name, place, err)
				}
			}
		}
	}
	if s := kit.Dir.Stats(); s.InUse != 0 || s.Opened != 1 {
		t.Errorf("%+v: no call is under way, and no error was one to open the tenant anew for", s)
	}
}

// Each row takes steps: so many rows after the context's end are more than as many steps.
func TestAStatementStopsWithinSomeThousandStepsOfItsContextsEnd(t *testing.T) {
	acme := tenanttest.New(t, tenantdb.OpenStore[notes]).Tenant("acme")
	for _, end := range []int{1, 2, 399, 4001, 20_000} {
		ctx, cancel := context.WithCancel(acme.Context)
		rows := 0
		_, err := query.Many(ctx, tenantdb.Bind(acme.DB), everyRow, func(*query.Row, *struct{}) {
			if rows++; rows == end {
				cancel()
			}
		})
		if after := rows - end; !errors.Is(err, context.Canceled) || after > mostSteps {
			t.Errorf("ended at row %d, it went on for %d, %v", end, after, err)
		}
	}
}
