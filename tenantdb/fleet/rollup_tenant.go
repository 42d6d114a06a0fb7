package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// catchUp sums up a tenant from where it is, less the look-back, to the last closed window.
func (r *Rollup[T, G, R]) catchUp(ctx context.Context, db *tenantdb.TenantDB[T]) error {
	return r.sumUp(ctx, db, r.resumeAt)
}

// again returns what sums up a tenant from the window that from is in.
func (r *Rollup[T, G, R]) again(from time.Time) func(context.Context, *tenantdb.TenantDB[T]) error {
	return func(ctx context.Context, db *tenantdb.TenantDB[T]) error {
		return r.sumUp(ctx, db, func(catalog.RollupMark, time.Time) time.Time { return r.options.Period.floor(from) })
	}
}

// resumeAt returns where the first window begins that a run sums up, of a tenant's mark and the
// end of the last closed window.
func (r *Rollup[T, G, R]) resumeAt(mark catalog.RollupMark, closed time.Time) time.Time {
	since := r.options.Period.floor(r.options.Since)
	if mark.Revision == 0 {
		return since
	}
	// A clock that was ahead has closed windows before they had ended; now that it is
	// right again they are behind what is closed, and are done again when they have ended.
	from := mark.Through
	if closed.Before(from) {
		from = closed
	}
	from = r.options.Period.step(from, -r.options.LookBack)
	if from.Before(since) {
		return since
	}
	return from
}

// sumUp sums up the windows that begin with the one that first returns, of the tenant's mark
// and the end of the last closed window. If somebody else sums up the tenant meanwhile, it begins
// anew from there.
func (r *Rollup[T, G, R]) sumUp(ctx context.Context, db *tenantdb.TenantDB[T], first func(mark catalog.RollupMark, closed time.Time) time.Time) error {
	id := db.Tenant()
	for {
		mark, err := r.catalog.Rollup(ctx, r.options.Name, id)
		if err != nil {
			return err
		}
		if mark.Revision > 0 && mark.Period != r.options.Period.String() {
			return fmt.Errorf("%w: rollup %s is by the %s, not by the %s: give it another name", ErrBadRollup, r.options.Name, mark.Period, r.options.Period)
		}
		closed := r.options.Period.floor(r.options.Now())
		from := first(mark, closed)
		for err == nil && from.Before(closed) {
			from, err = r.commit(ctx, db, &mark, from, closed)
		}
		if !errors.Is(err, catalog.ErrConflict) {
			return err
		}
	}
}

// commit sums up the next windows in one transaction, and returns where those behind them
// begin.
func (r *Rollup[T, G, R]) commit(ctx context.Context, db *tenantdb.TenantDB[T], mark *catalog.RollupMark, from, closed time.Time) (time.Time, error) {
	id := db.Tenant()
	windows := r.options.Period.windows(from, closed, commitWindows)
	rows := make([]R, len(windows))
	err := db.Read(ctx, func(ctx context.Context, tx *tenantdb.ReadTx[T]) (err error) {
		for i, w := range windows {
			if rows[i], err = r.read(ctx, tx, w); err != nil {
				return fmt.Errorf("rollup %s: read %s: %w", r.options.Name, w.From.Format(time.RFC3339), err)
			}
		}
		return nil
	})
	if err != nil {
		return from, err
	}
	next := *mark
	next.Period, next.RanAt, next.Through = r.options.Period.String(), r.options.Now().UTC(), windows[len(windows)-1].Until
	err = catalog.WriteWith(ctx, r.catalog, r.global, func(ctx context.Context, app *tenantdb.Tx[G], tx *catalog.Tx) error {
		if err := r.stillThere(ctx, tx, id); err != nil {
			return err
		}
		if err := tx.AdvanceRollup(ctx, next); err != nil {
			return err
		}
		for i, w := range windows {
			if err := r.write(ctx, app, id, w, rows[i]); err != nil {
				return fmt.Errorf("rollup %s: write %s: %w", r.options.Name, w.From.Format(time.RFC3339), err)
			}
		}
		return nil
	})
	if err != nil {
		return from, err
	}
	next.Revision++
	*mark = next
	return windows[len(windows)-1].Until, nil
}

// stillThere refuses a tenant that was erased since it was read: nothing would take its mark
// away again. One that is erased after this takes the mark with it, for that writes to the
// global database when the file is gone.
func (r *Rollup[T, G, R]) stillThere(ctx context.Context, tx *catalog.Tx, id tenantdb.ID) error {
	_, err := tx.Get(ctx, id)
	if !errors.Is(err, catalog.ErrNotRegistered) {
		return err
	}
	exists, err := r.store.Exists(ctx, id)
	if err == nil && !exists {
		err = tenantdb.ErrTenantGone
	}
	return err
}
