package operate

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
)

// summaries is how Silo answers questions about all tenants: from summaries that each
// writes into the global database.
type summaries interface {
	Summaries(ctx context.Context, n int) (func() (int64, error), error)
}

// crowd measures what the published figures of a shared database against a file per tenant
// are about, on all tenants of those who have them all.
func (s Setting) crowd(ctx context.Context, all []entrant) (Table, error) {
	var entrants []entrant
	for _, e := range all {
		if e.Crowd {
			entrants = append(entrants, e)
		}
	}
	table := Table{ID: "crowd", Order: names(entrants)}
	anyTenant := func(kind contend.Kind) func(entrant) *measure.Task {
		return func(e entrant) *measure.Task {
			random := rand.New(rand.NewPCG(1, 2)) // the same tenants for all
			return counted(func(n int) error {
				for i := range n {
					t, err := e.tenants.Tenant(ctx, random.IntN(s.Tenants))
					if err != nil {
						return err
					}
					if err := contend.Run(t, kind, i, 1); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	for _, o := range []struct {
		id, title string
		kind      contend.Kind
		n         int
	}{
		{"latest", "latest 100 rows, of any tenant", contend.List100, 100},
		{"insert", "insert, into any tenant", contend.Insert, 200},
		{"update", "update a config value, of any tenant", contend.Update, 200},
	} {
		if err := s.compare(&table, o.id, o.title, o.n, entrants, anyTenant(o.kind)); err != nil {
			return table, err
		}
	}
	err := s.compare(&table, "hot", "insert, into one tenant", 500, entrants, func(e entrant) *measure.Task { return repeat(ctx, e, contend.Insert) })
	if err != nil {
		return table, err
	}
	title := fmt.Sprintf("count over all %d tenants, their files open", s.Tenants)
	err = s.compare(&table, "count", title, 1, entrants, func(e entrant) *measure.Task {
		return counted(func(n int) error {
			for range n {
				if _, err := e.tenants.CountAll(ctx, s.Tenants); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return table, err
	}
	return table, s.compare(&table, "summary", "the same, asked of the summaries in the global database", 20, entrants, func(e entrant) *measure.Task {
		keeper, ok := e.tenants.(summaries)
		if !ok {
			return nil
		}
		ask, err := keeper.Summaries(ctx, s.Tenants)
		return counted(func(n int) error {
			for range n {
				if err != nil {
					return err
				}
				var sum int64
				if sum, err = ask(); err == nil && sum != int64(s.Tenants*s.Rows) {
					err = fmt.Errorf("the summaries add up to %d, not %d", sum, s.Tenants*s.Rows)
				}
			}
			return err
		})
	})
}
