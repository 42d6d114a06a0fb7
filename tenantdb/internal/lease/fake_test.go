package lease

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// thing is the value that the tests' caches keep.
type thing struct {
	key    string
	number int // how many things were opened before it, and one
	leases int // kept by stress tests
	closed bool
}

// shop opens and closes things, and remembers.
type shop struct {
	mu     sync.Mutex
	opened int
	closed []string // keys, in order
}

func (s *shop) open(key string) func(context.Context) (*thing, error) {
	return func(context.Context) (*thing, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.opened++
		return &thing{key: key, number: s.opened}, nil
	}
}

func (s *shop) close(key string, v *thing) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.closed {
		return fmt.Errorf("%s was closed twice", key)
	}
	v.closed = true
	s.closed = append(s.closed, key)
	return nil
}

func (s *shop) wantClosed(t *testing.T, keys ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.closed, keys) {
		t.Errorf("closed %q, want %q", s.closed, keys)
	}
}

// bubble runs a test with a fake clock, on which synctest.Wait returns when every other
// goroutine of the test waits. The cache is closed at the end, where nothing may fail.
func bubble(t *testing.T, opts Options[string, *thing], test func(t *testing.T, c *Cache[string, *thing], s *shop)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := new(shop)
		if opts.Close == nil {
			opts.Close = s.close
		}
		if opts.OnCloseError == nil {
			opts.OnCloseError = func(key string, err error) { t.Errorf("closing %s: %v", key, err) }
		}
		c := New(opts)
		test(t, c, s)
		if err := c.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		stat := c.Stat()
		if stat.Open+stat.Opening+stat.Closing+stat.Waiting != 0 || stat.Opens != stat.Closes {
			t.Errorf("after Close: %+v", stat)
		}
	})
}

// call is an Acquire or Evict on a goroutine of its own.
type call struct {
	cancel context.CancelCauseFunc
	done   chan struct{}
	lease  Lease[string, *thing] // set when done is closed
	err    error                 // likewise
}

func start(f func(ctx context.Context, c *call)) *call {
	ctx, cancel := context.WithCancelCause(context.Background())
	c := &call{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		f(ctx, c)
	}()
	return c
}

// acquire starts an Acquire and returns when it is done or waits.
func acquire(c *Cache[string, *thing], key string, open func(context.Context) (*thing, error)) *call {
	a := start(func(ctx context.Context, a *call) { a.lease, a.err = c.Acquire(ctx, key, open) })
	synctest.Wait()
	return a
}

// evict starts an Evict and returns when it is done or waits.
func evict(c *Cache[string, *thing], key string, then func() error) *call {
	a := start(func(ctx context.Context, a *call) { a.err = c.Evict(ctx, key, then) })
	synctest.Wait()
	return a
}

func (a *call) waits() bool {
	synctest.Wait()
	select {
	case <-a.done:
		return false
	default:
		return true
	}
}

func (a *call) wantWaiting(t *testing.T) {
	t.Helper()
	if !a.waits() {
		t.Fatalf("the call does not wait; its error is %v", a.err)
	}
}

func (a *call) wantErr(t *testing.T, targets ...error) {
	t.Helper()
	if a.waits() {
		t.Fatalf("the call waits, want an error: %v", targets)
	}
	if a.err == nil {
		t.Fatalf("the call has no error, want %v", targets)
	}
	for _, target := range targets {
		if !errors.Is(a.err, target) {
			t.Errorf("the error %q does not match %q", a.err, target)
		}
	}
}

func (a *call) wantDone(t *testing.T) {
	t.Helper()
	if a.waits() {
		t.Fatal("the call waits")
	}
	if a.err != nil {
		t.Fatal(a.err)
	}
}

func (a *call) wantLease(t *testing.T, key string, number int) {
	t.Helper()
	a.wantDone(t)
	v := a.lease.Value()
	if v == nil || v.key != key || v.number != number {
		t.Fatalf("leased %+v, want %s, opened as number %d", v, key, number)
	}
	if v.closed {
		t.Fatalf("leased %s, which is closed", key)
	}
}

// gate is an open or then that waits for the test.
type gate struct {
	s     *shop
	key   string
	enter chan struct{} // closed when the function is called
	leave chan error    // what it is to return
}

func newGate(s *shop, key string) *gate {
	return &gate{s: s, key: key, enter: make(chan struct{}), leave: make(chan error, 1)}
}

// open heeds its context, as an open should.
func (g *gate) open(ctx context.Context) (*thing, error) {
	close(g.enter)
	select {
	case err := <-g.leave:
		if err != nil {
			return nil, err
		}
		return g.s.open(g.key)(ctx)
	case <-ctx.Done():
		return nil, fmt.Errorf("opening %s: %w", g.key, ctx.Err())
	}
}

func (g *gate) then() error {
	close(g.enter)
	return <-g.leave
}

func (g *gate) entered() bool {
	synctest.Wait()
	select {
	case <-g.enter:
		return true
	default:
		return false
	}
}

var (
	errDisk  = errors.New("the disk is on fire")
	errLeft  = errors.New("the client went away")
	roomy    = Options[string, *thing]{Limit: 8}
	narrow   = Options[string, *thing]{Limit: 1}
	twoRooms = Options[string, *thing]{Limit: 2, IdleAfter: time.Hour}
)
