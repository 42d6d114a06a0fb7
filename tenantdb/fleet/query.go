package fleet

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/registry"
	"github.com/silokit/silo/tenantdb/query"
)

// Row is one row of one tenant.
type Row struct {
	Tenant  tenantdb.ID
	Columns []string // what they are called, the same for all rows of a tenant
	Values  []any    // an int64, a float64, a string, a []byte or nil each
}

// Query runs one statement on each tenant that the options mean, and yields the rows of the first
// tenant, in the order of IDs, then those of the second, and so on; a few tenants are read ahead.
// The statement may only read: what writes, ATTACH, PRAGMA and whatever else a tenant's connection
// refuses ends the sequence at once with [ErrBadStatement], as does a text that is not one statement of SQL.
// args are its parameters, in order: those that [query.Arg] takes.
//
// Nothing is migrated: each tenant is read by the schema that it has, suspended ones too. A tenant
// that is not open is opened to be read, beside those that are, and closed. Each tenant is read in
// one state of it; some hundred rows of each of Options.Workers tenants are in memory at once, and
// one that has more is held in that state until the consumer has taken them.
//
// What fails with one tenant comes as a Row of that tenant without values, with the error, and the
// sequence goes on, unless Options.MaxFailures says otherwise ([ErrStopped]). An error with a Row of
// no tenant ends it: ctx's, among others. Options.Progress is told when a tenant's rows were taken.
// The sequence may be ranged over again, and then asks again.
func Query[S tenantdb.TenantSchema](ctx context.Context, store *tenantdb.Store[S], o Options, sql string, args ...any) iter.Seq2[Row, error] {
	values := make([]query.Value, len(args))
	for i, arg := range args {
		values[i] = query.Arg(arg)
	}
	asked := query.NewAdhoc(registry.Permit{}, "fleet.Query", sql, values...)
	return func(yield func(Row, error) bool) {
		a := asking{o: o, yield: yield, ask: func(ctx context.Context, id tenantdb.ID, row func(query.Record) error) error {
			return store.Ask(ctx, registry.Permit{}, id, asked, row)
		}}
		err := free(ctx)
		var ids []tenantdb.ID
		if err == nil {
			ids, err = o.Select.tenants(ctx, store, o.Catalog)
		}
		if err == nil {
			err = a.run(ctx, ids)
		}
		if err != nil && !errors.Is(err, errLeft) {
			yield(Row{}, failed("query", err))
		}
	}
}

// errLeft ends the asking when nobody wants more rows.
var errLeft = errors.New("nobody wants more rows")

// asking is one run of a Query.
type asking struct {
	o     Options
	yield func(Row, error) bool
	ask   func(ctx context.Context, id tenantdb.ID, row func(query.Record) error) error
}

// answer is what one tenant says: rows, in pieces, and how it ended.
type answer struct {
	tenant tenantdb.ID
	pieces chan []query.Record // closed when there are no more
	err    error               // set before that
}

// piece is how many rows are handed over at once.
const piece = 128

// run asks the tenants, some ahead of the one whose rows are yielded.
func (a *asking) run(ctx context.Context, ids []tenantdb.ID) error {
	ctx, cancel := context.WithCancel(ctx)
	var asked sync.WaitGroup
	defer asked.Wait()
	defer cancel()
	answers := make(chan *answer, workers(a.o.Workers)-1) // those that are read ahead of the one at hand
	asked.Go(func() {
		defer close(answers)
		for _, id := range ids {
			one := &answer{tenant: id, pieces: make(chan []query.Record, 1)}
			select {
			case answers <- one:
			case <-ctx.Done():
				return
			}
			asked.Go(func() { one.fill(ctx, a.ask) })
		}
	})
	return a.take(ctx, len(ids), answers)
}

// fill asks the tenant.
func (one *answer) fill(ctx context.Context, ask func(context.Context, tenantdb.ID, func(query.Record) error) error) {
	defer close(one.pieces)
	var rows []query.Record
	hand := func() error {
		if len(rows) == 0 {
			return nil
		}
		select {
		case one.pieces <- rows:
			rows = nil
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	err := ask(ctx, one.tenant, func(r query.Record) error {
		if rows = append(rows, r); len(rows) < piece {
			return nil
		}
		return hand()
	})
	if err == nil {
		err = hand()
	}
	one.err = err
}

// take yields what the tenants answer, one after the other.
func (a *asking) take(ctx context.Context, total int, answers <-chan *answer) error {
	m := newMeter(total, time.Now)
	for one := range answers {
		for rows := range one.pieces {
			for _, r := range rows {
				if !a.yield(Row{Tenant: one.tenant, Columns: r.Columns, Values: r.Values}, nil) {
					return errLeft
				}
			}
		}
		if err := a.judge(ctx, one, m); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

// judge tells of how a tenant's answer ended, and says whether that ends the asking.
func (a *asking) judge(ctx context.Context, one *answer, m *meter) error {
	err := one.err
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, tenantdb.ErrNotAuthorized), errors.Is(err, query.ErrAdhoc):
		return fmt.Errorf("%w: %w", ErrBadStatement, err)
	case err != nil && len(a.o.Select.Tenants) == 0 && passedOver(ctx, a.o.Catalog, one.tenant, err):
		err = nil
	}
	p := m.step(err)
	if a.o.Progress != nil {
		a.o.Progress(p)
	}
	if err == nil {
		return nil
	}
	if !a.yield(Row{Tenant: one.tenant}, err) {
		return errLeft
	}
	if a.o.MaxFailures > 0 && p.Failed >= a.o.MaxFailures && p.Done < p.Total {
		return ErrStopped
	}
	return nil
}
