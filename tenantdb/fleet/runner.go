package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// job runs migrations on one tenant.
type job func(ctx context.Context, id tenantdb.ID, o tenantdb.MigrateOptions) (tenantdb.Migrated, error)

// runner is one run over many tenants.
type runner[S tenantdb.TenantSchema] struct {
	store  *tenantdb.Store[S]
	cat    *catalog.Catalog
	o      MigrateOptions
	kind   string
	target int64                     // the version that it leads to, or 0
	of     int64                     // the run that it takes back, or 0
	among  func(id tenantdb.ID) bool // of those that the options mean, whom it is about; nil: all
	job    job

	prepare func(ctx context.Context) error // asks what the run is about, when no other can change that any more; may be nil

	plan   plan
	ledger *ledger
	meter  *meter

	giveUp context.CancelCauseFunc // ends the run, for what became of a tenant cannot be recorded
}

func newRunner[S tenantdb.TenantSchema](store *tenantdb.Store[S], cat *catalog.Catalog, o MigrateOptions, kind string) *runner[S] {
	return &runner[S]{store: store, cat: cat, o: o, kind: kind}
}

// recordWait is how long may take what is recorded of a tenant, or of the run, also when ctx has
// ended.
const recordWait = time.Minute

// run makes the run, or goes on with one, and records how it ended.
func (r *runner[S]) run(ctx context.Context) (_ catalog.Run, err error) {
	if err := free(ctx); err != nil {
		return catalog.Run{}, err
	}
	if r.store.Dir() == nil || r.cat == nil {
		return catalog.Run{}, failed(r.kind, tenantdb.ErrNoHandle)
	}
	release, err := alone(ctx, r.store.Dir().Path())
	if err != nil {
		return catalog.Run{}, explain(r.kind, err)
	}
	defer func() { err = errors.Join(err, release()) }()
	if r.prepare != nil {
		err = r.prepare(ctx)
	}
	switch {
	case err != nil:
	case r.o.Resume == ResumeNone:
		r.plan, err = r.begin(ctx)
	default:
		r.plan, err = r.resume(ctx)
	}
	if err != nil {
		return catalog.Run{}, explain(r.kind, err)
	}
	r.ledger = &ledger{cat: r.cat, run: r.plan.run.ID}
	r.ledger.unbegun.Store(int64(len(r.plan.left)))
	r.meter = newMeter(len(r.plan.left), time.Now)
	working, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	r.giveUp = giveUp
	outcome, worked := r.all(working)
	return r.end(ctx, outcome, worked)
}

// end records how the run has ended, and returns it with its counts.
func (r *runner[S]) end(ctx context.Context, outcome catalog.Outcome, worked error) (catalog.Run, error) {
	worked = explain(r.kind, worked)
	if r.o.On == tenantdb.OnCopy {
		return catalog.Run{Kind: r.kind, Target: r.target, Outcome: outcome}, worked
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWait)
	defer cancel()
	err := r.ledger.record(ctx, func(ctx context.Context, tx *catalog.Tx) error { return tx.EndRun(ctx, r.plan.run.ID, outcome) })
	if err == nil {
		err = r.cat.Record(ctx, catalog.Entry{Operation: r.kind, Result: string(outcome), Detail: fmt.Appendf(nil, `{"run":%d}`, r.plan.run.ID)})
	}
	run, getErr := r.cat.GetRun(ctx, r.plan.run.ID)
	return run, errors.Join(worked, err, getErr)
}

// all goes over the tenants: the canaries one by one, and then all others.
func (r *runner[S]) all(ctx context.Context) (catalog.Outcome, error) {
	left := r.plan.left
	var canaries []tenantdb.ID
	for len(left) > 0 && len(canaries) < r.o.Canaries {
		id := left[0]
		changed := false
		err := r.work(1, 1).run(ctx, left[:1], func(ctx context.Context, id tenantdb.ID) (Result, error) {
			result, err := r.one(ctx, id)
			changed = result.Result == catalog.ResultDone
			return result, err
		})
		left = left[1:]
		if err != nil {
			err = r.withOthers(err, len(left))
			if ctx.Err() == nil {
				err = errors.Join(ErrStopped, err)
			}
			return catalog.RunStopped, err
		}
		if changed {
			canaries = append(canaries, id)
		}
	}
	if r.o.AfterCanaries != nil && len(canaries) > 0 && len(left) > 0 {
		if err := r.ledger.flush(ctx); err != nil {
			return catalog.RunStopped, err
		}
		if err := r.o.AfterCanaries(ctx, canaries); err != nil {
			return catalog.RunPaused, err
		}
	}
	err := r.withOthers(r.work(workers(r.o.Workers), r.o.MaxFailures).run(ctx, left, r.one), 0)
	switch {
	case err == nil:
		return catalog.RunDone, nil
	case ctx.Err() != nil, errors.Is(err, ErrStopped):
		return catalog.RunStopped, err
	}
	return catalog.RunFailed, err
}

// withOthers has the error of a part of the run count the tenants of the other parts: the canaries that were
// done before it, and so many that were not tried.
func (r *runner[S]) withOthers(err error, left int) error {
	var partial *PartialError
	if errors.As(err, &partial) {
		partial.Left += left
		partial.Done = len(r.plan.left) - partial.Left - len(partial.Failed)
	}
	return err
}

func (r *runner[S]) work(atOnce, maxFailures int) work[Result] {
	return work[Result]{workers: atOnce, maxFailures: maxFailures, done: func(_ tenantdb.ID, result Result, err error) {
		if r.o.Result != nil {
			r.o.Result(result)
		}
		p := r.meter.step(err)
		if r.o.Progress != nil {
			r.o.Progress(p)
		}
	}}
}
