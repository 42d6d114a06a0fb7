package fleet

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// ledger records what becomes of a run's tenants. That one is about to be changed is recorded before
// it is. What became of it waits for the next one that begins, or for some more, to be in one commit
// with them: of a process that dies meanwhile the record is that the change is begun, or planned where
// there was none, and who resumes the run looks at the file.
type ledger struct {
	cat *catalog.Catalog
	run int64

	unbegun atomic.Int64 // how many tenants are to come; of the last ones nothing waits

	mu      sync.Mutex // guards waiting; not held while it is recorded
	waiting []noted
}

// noted is what became of a tenant, and what its file was found to be.
type noted struct {
	result catalog.RunResult
	seen   catalog.Seen
}

// mostWaiting is of how many tenants what became of them may wait.
const mostWaiting = 16

// begin records that a tenant of this version is about to be changed.
func (l *ledger) begin(ctx context.Context, id tenantdb.ID, from int64) error {
	return l.record(ctx, func(ctx context.Context, tx *catalog.Tx) error { return tx.BeginRunResult(ctx, l.run, id, from) })
}

// note records what became of a tenant, now or soon.
func (l *ledger) note(ctx context.Context, n noted) error {
	l.mu.Lock()
	l.waiting = append(l.waiting, n)
	waits := len(l.waiting) < mostWaiting && l.unbegun.Load() > 0
	l.mu.Unlock()
	if waits {
		return nil
	}
	return l.flush(ctx)
}

// flush records what waits.
func (l *ledger) flush(ctx context.Context) error {
	l.mu.Lock()
	none := len(l.waiting) == 0
	l.mu.Unlock()
	if none {
		return nil
	}
	return l.record(ctx, func(context.Context, *catalog.Tx) error { return nil })
}

// record writes what waits and what f does in one commit; with an error the former waits on. It tries again while
// others write to the global database for so long: a run over thousands of tenants is not given up for
// that.
func (l *ledger) record(ctx context.Context, f func(context.Context, *catalog.Tx) error) error {
	l.mu.Lock()
	taken := l.waiting
	l.waiting = nil
	l.mu.Unlock()
	for {
		err := l.cat.Write(ctx, func(ctx context.Context, tx *catalog.Tx) error {
			for _, n := range taken {
				// A tenant that was erased since has taken its records with it.
				if err := tx.NoteRunResult(ctx, n.result, n.seen); err != nil && !errors.Is(err, catalog.ErrNoRun) {
					return err
				}
			}
			return f(ctx, tx)
		})
		if err == nil {
			return nil
		}
		busy := errors.Is(err, tenantdb.ErrWriterBusy) || errors.Is(err, tenantdb.ErrLocked)
		if !busy || ctx.Err() != nil {
			l.mu.Lock()
			l.waiting = slices.Concat(taken, l.waiting)
			l.mu.Unlock()
			return err
		}
	}
}
