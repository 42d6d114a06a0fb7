package fleet

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// one runs the job on one tenant and records what became of it.
func (r *runner[S]) one(ctx context.Context, id tenantdb.ID) (Result, error) {
	began := time.Now()
	r.ledger.unbegun.Add(-1)
	done, err := r.job(ctx, id, tenantdb.MigrateOptions{On: r.o.On, Wait: r.o.Wait, Begin: func(ctx context.Context, from int64) error {
		if r.o.On == tenantdb.OnCopy {
			return nil
		}
		if before, ok := r.plan.begun[id]; ok {
			from = before // the version that the run has found first
		}
		err := r.ledger.begin(ctx, id, from)
		if err != nil && !errors.Is(err, catalog.ErrNoRun) { // which is of this tenant alone: it was erased
			r.giveUp(err)
		}
		return err
	}})
	result := r.judge(ctx, id, done, err)
	result.Took = time.Since(began)
	if r.o.On == tenantdb.OnCopy || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return result, result.Err // nothing is changed; it stays planned, or begun
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWait)
	defer cancel()
	var seen catalog.Seen
	if err == nil {
		seen = catalog.Seen{SchemaVersion: done.To, SizeBytes: done.Size}
	}
	if err := r.ledger.note(ctx, noted{result.RunResult, seen}); err != nil {
		result.Err = errors.Join(result.Err, err)
		r.giveUp(err)
	}
	return result, result.Err
}

// judge says what became of a tenant.
func (r *runner[S]) judge(ctx context.Context, id tenantdb.ID, done tenantdb.Migrated, err error) Result {
	result := Result{Names: done.Names, RunResult: catalog.RunResult{Run: r.plan.run.ID, Tenant: id, Result: catalog.ResultCurrent, From: done.From, To: done.To}}
	before, begun := r.plan.begun[id]
	switch {
	case err != nil && len(r.o.Select.Tenants) == 0 && passedOver(ctx, r.cat, id, err):
		result.Result = catalog.ResultSkipped
		if begun {
			result.From, result.To = before, before // for who undoes the run: the process that died may have changed it
		}
	case err != nil:
		result.Result, result.Err = catalog.ResultFailed, err
		result.Error, result.Next = told(err)
		if begun && (before == 0 || done.From != before) {
			// It is not known that it is as it was: the process that died may have changed it, and who undoes
			// the run has to take that back.
			result.Result, result.From, result.To = catalog.ResultBegun, before, 0
		}
	case begun && before != done.To:
		// A process that died had changed it, or it was changed now.
		result.Result, result.From = catalog.ResultDone, before
	case done.Names != nil:
		result.Result = catalog.ResultDone
	}
	return result
}

// told returns the error and what to do about it, apart.
func told(err error) (text, next string) {
	text = err.Error()
	var own *tenantdb.Error
	if errors.As(err, &own) {
		text, next = own.Err.Error(), own.Hint
	}
	for _, h := range mendings {
		if errors.Is(err, h.err) {
			return text, h.hint
		}
	}
	return text, cmp.Or(next, otherwise)
}

// mendings say what to do about a tenant that failed.
var mendings = [...]struct {
	err  error
	hint string
}{
	{tenantdb.ErrMigrationFailed, "the file is as it was; mend the data or the migration, and resume the run"},
	{tenantdb.ErrUnknownTenant, "its file is not there: restore it from a backup, or delete the tenant, and resume the run"},
	{tenantdb.ErrNotADatabase, "restore the file from a backup, and resume the run"},
	{tenantdb.ErrCorrupt, "restore the file from a backup, and resume the run"},
	{tenantdb.ErrReadOnly, "have the file, its -wal and -shm and their folder be writable for this process, and resume the run"},
	{tenantdb.ErrDiskFull, "the file is as it was; free space, and resume the run"},
	{tenantdb.ErrSchemaAhead, "leave it to the newer release, by which it is migrated; resume the run without it, or by that"},
	{tenantdb.ErrSchemaDiverged, "have the program have the migrations that have run on it, or restore it from a backup, and resume the run"},
	{tenantdb.ErrWriterBusy, "the file is as it was; end what has been writing to it for so long, and resume the run"},
	{tenantdb.ErrLocked, "the file is as it was; end what has been writing to it for so long, and resume the run"},
}

// otherwise is what to do about an error for which there is no other advice.
const otherwise = "mend what the error says, and resume the run"

// hints say what to do next.
var hints = [...]struct {
	err  error
	hint string
}{
	{ErrRunning, "wait until it has ended; a process that died holds nothing"},
	{ErrNothingToResume, "begin a new run"},
	{ErrNothingToUndo, "migrate the tenants that are meant down to the version that they had"},
	{ErrOtherRun, "begin a new run; what is done already is not done again"},
	{ErrBadSelection, "nothing was done"},
}

// explain says of an error what was being done, unless it does already.
func explain(op string, err error) error {
	var own *tenantdb.Error
	var partial *PartialError
	if err == nil || errors.As(err, &own) || errors.As(err, &partial) {
		return err
	}
	e := &tenantdb.Error{Op: op, Err: err}
	for _, h := range hints {
		if errors.Is(err, h.err) {
			e.Hint = h.hint
			break
		}
	}
	return e
}
