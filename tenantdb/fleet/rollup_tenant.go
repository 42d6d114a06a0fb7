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
		return r.sumUp(ctx, db, r.againFrom(from))
	}
}

// course says, of a tenant's mark and the end of the last closed window, where the first window begins
// that is to be summed up, and until when all windows are in already.
type course func(mark catalog.RollupMark, closed time.Time) (from, in time.Time)

// resumeAt is the course of an ordinary run.
func (r *Rollup[T, G, R]) resumeAt(mark catalog.RollupMark, closed time.Time) (from, in time.Time) {
	period, since := r.options.Period, r.options.Period.floor(r.options.Since)
	if in = period.floor(mark.Through); in.Before(since) { // or there is no mark
		return since, since
	}
	// A clock that was ahead has closed windows before they had ended. By how much it was is not
	// known, only that it was at least by this much: nothing is in for sure, unless it is the one window
	// by which the clocks of two processes differ at its end.
	back := r.options.LookBack
	switch ahead := period.count(closed, in); {
	case ahead > 1:
		return since, since
	case ahead == 1:
		in, back = closed, max(back, 1)
	}
	if period.count(since, in) <= back {
		return since, in
	}
	return period.step(in, -back), in
}

// againFrom is the course of a run that sums up again what is in from some time on, and what is not.
func (r *Rollup[T, G, R]) againFrom(at time.Time) course {
	return func(mark catalog.RollupMark, closed time.Time) (from, in time.Time) {
		_, in = r.resumeAt(mark, closed)
		if from = r.options.Period.floor(at); in.Before(from) {
			from = in // a window is not left out because nobody had asked for it before
		}
		return from, in
	}
}

// sumUp sums up a tenant's windows. If somebody else sums up the tenant meanwhile, it begins anew
// from there.
func (r *Rollup[T, G, R]) sumUp(ctx context.Context, db *tenantdb.TenantDB[T], c course) error {
	id := db.Tenant()
	for {
		is, err := r.catalog.Get(ctx, id) // before the tenant is read: see stillThere
		if err != nil && !errors.Is(err, catalog.ErrNotRegistered) {
			return err
		}
		mark, err := r.catalog.Rollup(ctx, r.options.Name, id)
		if err != nil {
			return err
		}
		if mark.Revision > 0 && mark.Period != r.options.Period.String() {
			return fmt.Errorf("%w: rollup %s is by the %s, not by the %s: give it another name", ErrBadRollup, r.options.Name, mark.Period, r.options.Period)
		}
		closed := r.options.Period.floor(r.options.Now())
		var from time.Time
		from, mark.Through = c(mark, closed)
		for err == nil && from.Before(closed) {
			from, err = r.commit(ctx, db, is.CreatedAt, &mark, from, closed)
		}
		if !errors.Is(err, catalog.ErrConflict) {
			return err
		}
	}
}

// commit sums up the next windows of the tenant that was registered then in one transaction, and returns
// where those behind them begin.
func (r *Rollup[T, G, R]) commit(ctx context.Context, db *tenantdb.TenantDB[T], registered time.Time, mark *catalog.RollupMark, from, closed time.Time) (time.Time, error) {
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
	next.Period, next.RanAt = r.options.Period.String(), r.options.Now().UTC()
	if until := windows[len(windows)-1].Until; next.Through.Before(until) {
		next.Through = until
	}
	err = catalog.WriteWith(ctx, r.catalog, r.global, func(ctx context.Context, app *tenantdb.Tx[G], tx *catalog.Tx) error {
		if err := r.stillThere(ctx, tx, id, registered); err != nil {
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
// global database when the file is gone. If another of its name was made since, what was read is not
// that one's, and the error is catalog.ErrConflict.
func (r *Rollup[T, G, R]) stillThere(ctx context.Context, tx *catalog.Tx, id tenantdb.ID, registered time.Time) error {
	is, err := tx.Get(ctx, id)
	if err == nil && !is.CreatedAt.Equal(registered) {
		err = catalog.ErrConflict
	}
	if !errors.Is(err, catalog.ErrNotRegistered) {
		return err
	}
	exists, err := r.store.Exists(ctx, id)
	if err == nil && !exists {
		err = tenantdb.ErrTenantGone
	}
	return err
}
