package lease

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// warehouse checks the promises that must hold at every moment, whoever runs when.
type warehouse struct {
	t     *testing.T
	limit int

	mu   sync.Mutex
	live map[string]*thing // opening, open or closing
	held map[string]bool   // an Evict's then is at work
	all  int               // values opened
}

func (w *warehouse) open(key string, fail bool) func(context.Context) (*thing, error) {
	return func(ctx context.Context) (*thing, error) {
		w.mu.Lock()
		if w.live[key] != nil {
			w.t.Errorf("%s is opened twice", key)
		}
		if w.held[key] {
			w.t.Errorf("%s is opened during an Evict", key)
		}
		v := &thing{key: key}
		w.live[key] = v
		if len(w.live) > w.limit {
			w.t.Errorf("%d values, want at most %d", len(w.live), w.limit)
		}
		w.mu.Unlock()
		runtime.Gosched()
		w.mu.Lock()
		defer w.mu.Unlock()
		err := ctx.Err()
		if fail {
			err = errDisk
		}
		if err != nil {
			delete(w.live, key)
			return nil, err
		}
		w.all++
		return v, nil
	}
}

func (w *warehouse) close(key string, v *thing) error {
	w.mu.Lock()
	if v.closed || w.live[key] != v {
		w.t.Errorf("%s is closed and was not open", key)
	}
	v.closed = true
	if v.leases != 0 {
		w.t.Errorf("%s is closed with %d leases out", key, v.leases)
	}
	w.mu.Unlock()
	runtime.Gosched()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.live, key)
	return nil
}

func (w *warehouse) use(key string, l Lease[string, *thing]) {
	v := l.Value()
	w.mu.Lock()
	if v.key != key || v.closed || w.live[key] != v || w.held[key] {
		w.t.Errorf("leased %+v for %s", *v, key)
	}
	v.leases++
	w.mu.Unlock()
	runtime.Gosched()
	w.mu.Lock()
	v.leases--
	w.mu.Unlock()
}

func (w *warehouse) hold(key string) error {
	w.mu.Lock()
	if w.live[key] != nil || w.held[key] {
		w.t.Errorf("an Evict of %s works while it is open or held", key)
	}
	w.held[key] = true
	w.mu.Unlock()
	runtime.Gosched()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.held, key)
	return nil
}

func TestPromisesHoldUnderConcurrency(t *testing.T) {
	const limit, keys, workers, rounds = 4, 10, 16, 1500
	w := &warehouse{t: t, limit: limit, live: make(map[string]*thing), held: make(map[string]bool)}
	c := New(Options[string, *thing]{Limit: limit, Close: w.close})
	var served atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range rounds {
				key := strconv.Itoa(rand.IntN(keys))
				ctx, cancel := context.WithCancel(t.Context())
				dice := rand.IntN(100)
				switch {
				case dice < 3:
					if err := c.Evict(ctx, key, func() error { return w.hold(key) }); err != nil {
						t.Errorf("Evict: %v", err)
					}
				case dice < 5:
					c.EvictIdle(2)
				default:
					if dice < 15 { // ends while it waits, or opens, or after
						go cancel()
					}
					l, err := c.Acquire(ctx, key, w.open(key, dice < 20))
					if err != nil {
						if !errors.Is(err, errDisk) && !errors.Is(err, context.Canceled) {
							t.Errorf("Acquire: %v", err)
						}
						break
					}
					served.Add(1)
					w.use(key, l)
					if dice > 96 {
						l.Discard()
					} else {
						l.Release()
					}
					l.Release()
				}
				cancel()
			}
		})
	}
	group.Wait()
	stat := c.Stat()
	if stat.InUse+stat.Opening+stat.Closing+stat.Waiting != 0 {
		t.Errorf("with nobody at work: %+v", stat)
	}
	var closings sync.WaitGroup
	for range 2 {
		closings.Go(func() {
			if err := c.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
	closings.Wait()
	stat = c.Stat()
	if len(w.live) != 0 || stat.Opens != uint64(w.all) || stat.Closes != stat.Opens {
		t.Errorf("%d values are left, %d were opened: %+v", len(w.live), w.all, stat)
	}
	if len(c.entries) != 0 || !c.queue.empty() || !c.kept.empty() {
		t.Errorf("%d keys are left in the books", len(c.entries))
	}
	if served.Load() < workers*rounds/2 {
		t.Errorf("only %d calls were served: the test proves little", served.Load())
	}
}

func TestCloseUnderConcurrencyLeavesNothingOpen(t *testing.T) {
	const limit, keys, workers = 3, 6, 8
	for range 50 {
		w := &warehouse{t: t, limit: limit, live: make(map[string]*thing), held: make(map[string]bool)}
		c := New(Options[string, *thing]{Limit: limit, Close: w.close})
		var group sync.WaitGroup
		var started sync.WaitGroup
		started.Add(workers)
		for range workers {
			group.Go(func() {
				for round := 0; ; round++ {
					key := strconv.Itoa(rand.IntN(keys))
					l, err := c.Acquire(t.Context(), key, w.open(key, false))
					if round == 10 {
						started.Done()
					}
					if errors.Is(err, ErrClosed) {
						return
					}
					if err != nil {
						t.Errorf("Acquire: %v", err)
						continue
					}
					w.use(key, l)
					l.Release()
				}
			})
		}
		started.Wait()
		if err := c.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		w.mu.Lock()
		if len(w.live) != 0 {
			t.Errorf("%d values are left open", len(w.live))
		}
		w.mu.Unlock()
		group.Wait()
	}
}
