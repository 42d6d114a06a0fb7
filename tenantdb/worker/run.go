package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/silokit/silo/tenantdb"
)

// workKey finds which work a context is of.
type workKey struct{}

// within is the Pool that runs the work which a context is of, and the work whose end waits for
// that, of another Pool.
type within struct {
	pool  any
	outer *within
}

func workOf(ctx context.Context) *within {
	w, _ := ctx.Value(workKey{}).(*within)
	return w
}

// of reports whether it is work of the pool.
func (w *within) of(pool any) bool {
	for ; w != nil; w = w.outer {
		if w.pool == pool {
			return true
		}
	}
	return false
}

// run runs one piece of work, in a goroutine of its own. Another one follows when it has
// ended, however it did: of the next tenant that has work, or of this one.
func (p *Pool[S]) run(id tenantdb.ID, one *piece[S]) {
	err := ErrGoexit
	defer func() {
		defer func() { // also if done ends the goroutine
			p.mu.Lock()
			defer p.mu.Unlock()
			p.lines.ended(id)
			p.start()
		}()
		one.done(err)
	}()
	err = p.attempt(one)
}

// attempt runs the work, and returns what it panics with.
func (p *Pool[S]) attempt(one *piece[S]) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	// The end of the Pool's context may not have got to that of the work yet.
	if ended := cmp.Or(context.Cause(p.ctx), context.Cause(one.ctx)); ended != nil {
		return failed(one.ctx, "do work", ended, "it was not begun")
	}
	ctx := context.WithValue(one.ctx, workKey{}, &within{p, workOf(one.ctx)})
	db, err := p.store.Resolve(ctx)
	if err != nil {
		return err
	}
	return one.work(ctx, db)
}

// tell has Options.Failed told of work that nobody waits for. What that panics with is no more the
// end of the process than what work does.
func (p *Pool[S]) tell(ctx context.Context, err error) {
	defer func() {
		if value := recover(); value != nil {
			logFailed(ctx, errors.Join(err, fmt.Errorf("telling of it: %w", &PanicError{Value: value, Stack: debug.Stack()})))
		}
	}()
	p.options.Failed(ctx, err)
}

// withEnd returns a context that ends when another does, too. stop is to be called when it
// is not needed any more.
func withEnd(ctx, other context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	unhook := context.AfterFunc(other, func() { cancel(context.Cause(other)) })
	return ctx, func() {
		unhook()
		cancel(nil)
	}
}

func logFailed(ctx context.Context, err error) {
	id, _ := tenantdb.TenantFrom(ctx)
	slog.Default().ErrorContext(ctx, "background work failed", slog.String("tenant", id.String()), slog.Any("error", err))
}
