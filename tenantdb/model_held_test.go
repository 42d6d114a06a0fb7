package tenantdb_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/silokit/silo/tenantdb"
)

// heldKey names a callback that stays open across orders.
type heldKey struct {
	tenant string
	write  bool
}

// held is such a callback, which runs on a goroutine of its own and does one thing after
// the other.
type held struct {
	next  chan func(ctx context.Context, read tenantdb.ReadHandle[cells], tx *tenantdb.Tx[cells])
	end   chan string // how
	ended chan error  // what the call returned
}

// unread has a callback begun that reads nothing yet.
const unread = 1

var errNotBegun = errors.New("nothing is held")

// holding begins, uses or ends a callback that is held.
func (a *actor) holding(ctx context.Context, db *tenantdb.TenantDB[cells], o order, out *answer) error {
	key := heldKey{o.Tenant, o.Write}
	if o.Do == "hold" {
		h, err := holdOpen(context.WithoutCancel(ctx), db, o.Write)
		if err != nil {
			return err
		}
		a.held[key] = h
		if o.N == unread {
			return nil
		}
	}
	h := a.held[key]
	if h == nil {
		return errNotBegun
	}
	if o.Do == "held end" {
		delete(a.held, key)
		h.end <- o.End
		return <-h.ended
	}
	result := make(chan error)
	h.next <- func(ctx context.Context, read tenantdb.ReadHandle[cells], tx *tenantdb.Tx[cells]) {
		if o.Do == "held write" {
			result <- o.runAll(ctx, tx, out)
			return
		}
		result <- out.see(ctx, read, o.Tenant)
	}
	return <-result
}

// holdOpen begins a call of Write or Read, and returns once its callback runs.
func holdOpen(ctx context.Context, db *tenantdb.TenantDB[cells], write bool) (*held, error) {
	h := &held{
		next: make(chan func(context.Context, tenantdb.ReadHandle[cells], *tenantdb.Tx[cells])),
		end:  make(chan string), ended: make(chan error, 1),
	}
	begun := make(chan struct{})
	go func() {
		err := errUndo // if the goroutine ends
		defer func() {
			if r := recover(); r != nil {
				err = r.(error)
			}
			h.ended <- err
		}()
		if write {
			err = db.Write(ctx, func(ctx context.Context, tx *tenantdb.Tx[cells]) error {
				close(begun)
				return h.serve(ctx, tx, tx)
			})
			return
		}
		err = db.Read(ctx, func(ctx context.Context, tx *tenantdb.ReadTx[cells]) error {
			close(begun)
			return h.serve(ctx, tx, nil)
		})
	}()
	select {
	case <-begun:
		return h, nil
	case err := <-h.ended:
		return nil, err
	}
}

func (h *held) serve(ctx context.Context, read tenantdb.ReadHandle[cells], tx *tenantdb.Tx[cells]) error {
	for {
		select {
		case f := <-h.next:
			f(ctx, read, tx)
		case how := <-h.end:
			return end(how)
		}
	}
}

// countdown is a context that ends once it has been asked so often whether it has: a
// cancellation at a moment that a replay finds again.
type countdown struct {
	context.Context
	left atomic.Int64
	over sync.Once
	done chan struct{}
}

func newCountdown(parent context.Context, asked int) *countdown {
	c := &countdown{Context: parent, done: make(chan struct{})}
	c.left.Store(int64(asked))
	return c
}

func (c *countdown) Done() <-chan struct{} { return c.done }

func (c *countdown) Err() error {
	if c.left.Add(-1) >= 0 {
		return c.Context.Err()
	}
	c.over.Do(func() { close(c.done) })
	return context.Canceled
}
