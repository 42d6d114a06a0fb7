package tenantdb

import (
	"context"
	"errors"
	"sync"
	"time"
)

// openApartFor is how long an opening may last that nobody waits for any more.
const openApartFor = migrateWait

// ResolveWithin is [Store.Resolve] for callers that cannot wait for a long migration, such
// as requests. If the tenant is open it is the same. Otherwise it is opened apart from
// the call: after wait in all, or when ctx ends, the call is given up ([ErrOpening], or ctx's error)
// and the opening goes on, for the next call, until it is done, has taken ten minutes,
// or the Dir is closed. A migration that takes longer than every caller has patience is done
// all the same; by Resolve it would be undone each time.
func (st *Store[S]) ResolveWithin(ctx context.Context, wait time.Duration) (*TenantDB[S], error) {
	if st == nil || st.s == nil {
		return nil, noHandle("resolve")
	}
	a, err := st.s.resolveWithin(ctx, wait)
	if err != nil {
		return nil, err
	}
	return &TenantDB[S]{a: a}, nil
}

func (s *store) resolveWithin(ctx context.Context, wait time.Duration) (*address, error) {
	a, err := s.resolveFor(ctx, ifOpen)
	if !errors.Is(err, errNotOpen) {
		return a, err
	}
	incarnation, err := s.openApart(ctx, wait)
	if err != nil {
		return nil, err
	}
	// The opening may have begun before this call, and what the gate says have changed since. It may also have been
	// closed again, for others that want its place: then the handle has it opened, as ever.
	if a, err = s.addressFor(ctx, toStay); err != nil {
		return nil, err
	}
	a.incarnation = incarnation
	return a, nil
}

// openApart has the tenant of ctx opened, and returns which file that is, or why it is not.
func (s *store) openApart(ctx context.Context, wait time.Duration) (incarnation string, err error) {
	id, _ := TenantFrom(ctx)
	o := s.dir.apart.begin(s, id)
	patience := time.NewTimer(wait)
	defer patience.Stop()
	select {
	case <-o.done:
		return o.incarnation, o.err
	case <-patience.C:
		err = ErrOpening
	case <-ctx.Done():
		err = errors.Join(ErrOpening, context.Cause(ctx))
	}
	return "", &Error{Op: "resolve", Tenant: id, Path: s.dir.layout.tenantPath(id), Err: err, Hint: "it goes on; try again"}
}

// apart are the openings that no call runs. Each tenant has one at a time, on a goroutine
// that Close joins.
type apart struct {
	mu      sync.Mutex // guards what follows; nothing is waited for under it
	under   map[opens]*opening
	closed  bool
	running sync.WaitGroup
	ctx     context.Context // of all of them
	stop    context.CancelFunc
}

// opens is what is opened: the tenant, by a schema.
type opens struct {
	id  ID
	def *definition
}

// opening is one that is under way. The others are set before done is closed.
type opening struct {
	done        chan struct{}
	incarnation string
	err         error
}

func newApart() *apart {
	a := &apart{under: map[opens]*opening{}}
	a.ctx, a.stop = context.WithCancel(context.Background())
	return a
}

// begin returns the opening that is under way, or begins one.
func (a *apart) begin(s *store, id ID) *opening {
	key := opens{id, s.def}
	a.mu.Lock()
	defer a.mu.Unlock()
	if o := a.under[key]; o != nil {
		return o
	}
	o := &opening{done: make(chan struct{})}
	if a.closed {
		o.err = &Error{Op: "resolve", Tenant: id, Err: ErrClosed, Hint: hintFor(ErrClosed)}
		close(o.done)
		return o
	}
	a.under[key] = o
	a.running.Go(func() {
		defer close(o.done)
		defer func() {
			a.mu.Lock()
			delete(a.under, key)
			a.mu.Unlock()
		}()
		ctx, cancel := context.WithTimeout(a.ctx, openApartFor)
		defer cancel()
		ctx, err := WithTenant(ctx, id)
		if err == nil {
			var a *address
			if a, err = s.resolveFor(ctx, toStay); err == nil {
				o.incarnation = a.incarnation
			}
		}
		o.err = err
	})
	return o
}

// close has no more begin and ends those under way; join waits for that.
func (a *apart) close() {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.stop()
}

func (a *apart) join() { a.running.Wait() }
