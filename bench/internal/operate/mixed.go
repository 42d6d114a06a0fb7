package operate

import (
	"context"
	"errors"
	"fmt"
	"math/rand"

	"github.com/silokit/silo/bench/internal/contend"
	"github.com/silokit/silo/bench/internal/measure"
)

// Mixed measures requests to very many tenants, of which some are asked for far more often
// than others and only some may be open: nine in ten read a row, one updates one.
func (s Setting) Mixed(ctx context.Context) (table Table, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	entrants, err := s.open(ctx, contend.Product, "mixed", 50, s.Limit, func(c contend.Contender) int {
		if c.Bare || c.Name == contend.Naive.Name {
			return 0 // the naive one is as shared, but for the list
		}
		return s.Many
	})
	if err != nil {
		return Table{}, err
	}
	defer func() { err = errors.Join(err, closeAll(entrants)) }()
	table = Table{ID: "mixed", Order: names(entrants)}
	title := fmt.Sprintf("90 %% reads, 10 %% updates, %d tenants (Zipf 1.1), %d open", s.Many, s.Limit)
	return table, s.compare(&table, "mixed", title, 1500, entrants, func(e entrant) *measure.Task {
		random := rand.New(rand.NewSource(1)) // the same tenants for all
		popular := rand.NewZipf(random, 1.1, 1, uint64(s.Many-1))
		asked := 0
		return counted(func(n int) error {
			for range n {
				t, err := e.tenants.Tenant(ctx, int(popular.Uint64()))
				if err != nil {
					return err
				}
				kind := contend.Point
				if asked%10 == 9 {
					kind = contend.Update
				}
				if err := contend.Run(t, kind, asked, 1); err != nil {
					return err
				}
				asked++
			}
			return nil
		})
	})
}
