package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog/internal/catalogdb"
)

// Totals are of all tenants together.
type Totals struct {
	States map[State]int // how many tenants are in which; those that none is in are left out
	Size   int64         // in bytes, of those that are not deleted, each when that was last looked at
	Spans  []SpanUsage   // in order; those without a call are left out
}

// SpanUsage is what the calls on all tenants came to in some time.
type SpanUsage struct {
	From                time.Time // when it began, UTC
	Tenants             int       // that were called
	Calls, Errors, Slow int64
}

// Totals returns how many tenants there are, and what the calls on them came to by hours or days of
// UTC, which length is then: those from the one on that since is in. It reads one state of
// the global database, and opens no tenant. For another length it is [ErrInvalid].
func (o *operations) Totals(ctx context.Context, since time.Time, length time.Duration) (t Totals, err error) {
	if length != time.Hour && length != 24*time.Hour {
		return t, failed("add up the tenants", tenantdb.ID{}, fmt.Errorf("%w: a length is an hour or 24, and not %v", ErrInvalid, length))
	}
	t.States = map[State]int{}
	err = o.read(ctx, func(ctx context.Context, q *catalogdb.Reader) error {
		states, err := q.CountStates(ctx)
		if err != nil {
			return err
		}
		for _, row := range states {
			t.States[State(row.State)] = int(row.Tenants)
		}
		if t.Size, err = q.SumSizes(ctx); err != nil {
			return err
		}
		spans, err := q.SumUsage(ctx, catalogdb.SumUsageParams{LengthMs: length.Milliseconds(), SinceMs: since.UTC().Truncate(length).UnixMilli()})
		for _, row := range spans {
			t.Spans = append(t.Spans, SpanUsage{From: time.UnixMilli(row.FromMs).UTC(), Tenants: int(row.Tenants), Calls: row.Calls, Errors: row.Errors, Slow: row.Slow})
		}
		return err
	})
	return t, failed("add up the tenants", tenantdb.ID{}, err)
}
