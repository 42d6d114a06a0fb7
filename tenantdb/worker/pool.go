package worker

import (
	"context"
	"errors"
	"sync"

	"github.com/silokit/silo/tenantdb"
)

// Work is something to be done for one tenant. ctx carries the tenant, and ends with the Pool;
// db is its handle. Both are of use until the work returns.
type Work[S tenantdb.TenantSchema] func(ctx context.Context, db *tenantdb.TenantDB[S]) error

// Pool runs work. It is safe for concurrent use.
type Pool[S tenantdb.TenantSchema] struct {
	store   *tenantdb.Store[S]
	options Options
	ctx     context.Context // ends all work
	running sync.WaitGroup  // goroutines

	mu    sync.Mutex // guards what follows; no work is run and nothing is waited for under it
	lines lines[*piece[S]]
}

// piece is work that was given.
type piece[S tenantdb.TenantSchema] struct {
	ctx  context.Context
	work Work[S]
	done func(error) // is told how it ended
}

// New returns a Pool for the tenants of store. When ctx ends, so do the contexts of its
// work, and what waits is not run any more; ctx must carry no tenant
// ([tenantdb.ErrTenantRebound]). Close the Pool before the Dir.
func New[S tenantdb.TenantSchema](ctx context.Context, store *tenantdb.Store[S], options Options) (*Pool[S], error) {
	const op = "new worker pool"
	if store == nil {
		return nil, &tenantdb.Error{Op: op, Err: tenantdb.ErrNoHandle, Hint: "the Store is nil; get one from the Open function of generated code"}
	}
	if id, ok := tenantdb.TenantFrom(ctx); ok {
		return nil, &tenantdb.Error{Op: op, Tenant: id, Err: tenantdb.ErrTenantRebound, Hint: "a pool is of many tenants; begin with a context that has none"}
	}
	options = options.withDefaults()
	return &Pool[S]{store: store, options: options, ctx: ctx, lines: newLines[*piece[S]](options)}, nil
}

// Submit takes work for the tenant that ctx carries, and returns. The work runs when its turn
// has come, with a context that is detached from ctx ([tenantdb.Detach]) and ends when the
// Pool's does. How it ended, if not well, Options.Failed is told. It is not taken, and will
// not run, if the error is [ErrFull], [ErrClosed] or [tenantdb.ErrNoTenant].
func (p *Pool[S]) Submit(ctx context.Context, work Work[S]) error {
	if p == nil || p.store == nil {
		return noPool("submit work")
	}
	detached, stop := withEnd(context.WithValue(tenantdb.Detach(ctx), workKey{}, nil), p.ctx) // nobody waits for it
	err := p.give("submit work", &piece[S]{ctx: detached, work: work, done: func(err error) {
		defer stop()
		if err != nil {
			p.tell(tenantdb.Detach(ctx), err)
		}
	}})
	if err != nil {
		stop()
	}
	return err
}

// Do runs work for the tenant that ctx carries when its turn has come, with a context that ends
// with ctx and with the Pool's, and returns how it ended: with the work's error, a
// [*PanicError], [ErrGoexit], or why the tenant was not resolved. If ctx ends before the
// work's turn, it is not run; once it runs, Do returns when it has. Besides the errors of
// Submit it returns [ErrNested]. Work that waits for another tenant's by Do keeps its own
// place meanwhile: if all places are taken so, they wait until their contexts end.
func (p *Pool[S]) Do(ctx context.Context, work Work[S]) error {
	if p == nil || p.store == nil {
		return noPool("do work")
	}
	if workOf(ctx).of(p) {
		return failed(ctx, "do work", ErrNested, "use the handle that the work was given")
	}
	both, stop := withEnd(ctx, p.ctx)
	defer stop()
	ended := make(chan error, 1)
	one := &piece[S]{ctx: both, work: work, done: func(err error) { ended <- err }}
	if err := p.give("do work", one); err != nil {
		return err
	}
	select {
	case err := <-ended:
		return err
	case <-both.Done():
	}
	if id, _ := tenantdb.TenantFrom(ctx); p.withdraw(id, one) {
		return failed(ctx, "do work", context.Cause(both), "it was not begun")
	}
	return <-ended
}

// Close waits until all work that was taken is done, and takes no more. To have it end
// sooner, end the context that the Pool was made with. It may be called again, and not by
// work. The error is nil.
func (p *Pool[S]) Close() error {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	p.lines.closed = true
	p.mu.Unlock()
	p.running.Wait()
	return nil
}

// give takes a piece of work.
func (p *Pool[S]) give(op string, one *piece[S]) error {
	id, ok := tenantdb.TenantFrom(one.ctx)
	if !ok {
		return failed(one.ctx, op, tenantdb.ErrNoTenant, "bind the tenant with WithTenant")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.lines.add(id, one); err != nil {
		hint := "run it again later"
		if errors.Is(err, ErrClosed) {
			hint = ""
		}
		return failed(one.ctx, op, err, hint)
	}
	p.start()
	return nil
}

// withdraw takes back a piece of work, and reports whether it had not been begun.
func (p *Pool[S]) withdraw(id tenantdb.ID, one *piece[S]) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lines.remove(id, one)
}

// start has as much work run as there is room for. The caller holds mu.
func (p *Pool[S]) start() {
	for {
		id, one, ok := p.lines.next()
		if !ok {
			return
		}
		p.running.Go(func() { p.run(id, one) })
	}
}

func noPool(op string) error {
	return &tenantdb.Error{Op: op, Err: tenantdb.ErrNoHandle, Hint: "the Pool is nil or zero; get one from New"}
}

func failed(ctx context.Context, op string, err error, hint string) error {
	id, _ := tenantdb.TenantFrom(ctx)
	return &tenantdb.Error{Op: op, Tenant: id, Err: err, Hint: hint}
}
