package lease

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var hammerFor = flag.Duration("hammer", 300*time.Millisecond, "how long each test that hammers the cache goes on")

// leastRounds is how many rounds such a test has all the same, on a machine that gives it no
// processor for that time.
const leastRounds = 30

// tool is a value whose use and closing take no lock, so that nothing but the cache
// itself keeps them apart. plain is for the race detector: closing writes what users read.
type tool struct {
	key   string
	plain bool
	users atomic.Int64
	done  atomic.Bool
}

// toolbox opens and closes tools, and checks what must hold whoever runs when.
type toolbox struct {
	t      *testing.T
	limit  int64
	exist  atomic.Int64 // being opened, open or being closed
	opens  atomic.Int64
	closes atomic.Int64
	fenced [8]atomic.Bool // by key: an Evict's then is at work
	shared [8]Ref[string, *tool]
}

func (b *toolbox) open(key int) func(context.Context) (*tool, error) {
	return func(ctx context.Context) (*tool, error) {
		if b.exist.Add(1) > b.limit {
			b.t.Error("there are more values than may be")
		}
		if b.fenced[key].Load() {
			b.t.Error("a value is opened during an Evict")
		}
		if rand.IntN(4) == 0 {
			runtime.Gosched()
		}
		err := ctx.Err()
		if rand.IntN(50) == 0 {
			err = errDisk
		}
		if err != nil {
			b.exist.Add(-1)
			return nil, err
		}
		b.opens.Add(1)
		return &tool{key: strconv.Itoa(key)}, nil
	}
}

func (b *toolbox) close(key string, v *tool) error {
	if v.done.Swap(true) || v.key != key {
		b.t.Error("a value is closed twice, or another one is")
	}
	v.plain = true
	if v.users.Load() != 0 {
		b.t.Error("a value is closed while it is in use")
	}
	if rand.IntN(4) == 0 {
		runtime.Gosched()
	}
	if v.users.Load() != 0 {
		b.t.Error("a value came into use while it is closed")
	}
	b.closes.Add(1)
	b.exist.Add(-1)
	return nil
}

func (b *toolbox) use(key int, l *Lease[string, *tool], dice int) {
	v := l.Value()
	v.users.Add(1)
	if v.done.Load() || v.plain || v.key != strconv.Itoa(key) || b.fenced[key].Load() {
		b.t.Error("a value is leased that is closed, fenced or another key's")
	}
	if dice%8 == 0 {
		runtime.Gosched()
	}
	if v.done.Load() {
		b.t.Error("a value was closed while it was leased")
	}
	v.users.Add(-1)
	if dice == 50 {
		l.Discard()
	} else {
		l.Release()
	}
}

// turn does one thing that a caller may do, and returns what Acquire or Evict returned.
func (b *toolbox) turn(c *Cache[string, *tool], own *[8]Ref[string, *tool], keys int) error {
	key, dice := rand.IntN(keys), rand.IntN(200)
	name := strconv.Itoa(key)
	switch dice {
	case 0, 1:
		return c.Evict(context.Background(), name, func() error {
			b.fenced[key].Store(true)
			if b.closes.Load() > b.opens.Load() {
				b.t.Error("more was closed than opened")
			}
			runtime.Gosched()
			b.fenced[key].Store(false)
			return nil
		})
	case 2:
		c.EvictIdle(1 + rand.IntN(2))
		return nil
	}
	ref := &own[key]
	if dice%2 == 0 {
		ref = &b.shared[key]
	}
	if l, ok := ref.Lease(); ok {
		b.use(key, &l, dice)
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if dice < 12 {
		go cancel()
	}
	l, err := c.Acquire(ctx, name, b.open(key))
	if err != nil {
		return err
	}
	ref.Keep(l)
	b.use(key, &l, dice)
	return nil
}

// TestFastLeasesAgainstEverythingElse plays many short rounds: what a round that never
// ends waits for is not covered up by what comes after it.
func TestFastLeasesAgainstEverythingElse(t *testing.T) {
	var turns atomic.Int64
	deadline := time.Now().Add(*hammerFor)
	for round := 0; round < leastRounds || time.Now().Before(deadline); round++ {
		limit, keys, workers := 1+rand.IntN(4), 1+rand.IntN(8), 2+rand.IntN(7)
		b := &toolbox{t: t, limit: int64(limit)}
		opts := Options[string, *tool]{Limit: limit, Close: b.close, IdleAfter: -1}
		if round%2 == 0 {
			opts.IdleAfter, opts.SweepEvery = time.Microsecond, 20*time.Microsecond
		}
		c := New(opts)
		closeEarly := round%3 == 0
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				var own [8]Ref[string, *tool]
				for i := 0; i < 200 || closeEarly; i++ {
					err := b.turn(c, &own, keys)
					if closeEarly && errors.Is(err, ErrClosed) {
						break
					}
					if err != nil && !errors.Is(err, errDisk) && !errors.Is(err, context.Canceled) {
						t.Error(err)
					}
					turns.Add(1)
				}
				for key := range own { // of what is closed no Ref leases anything
					l, ok := own[key].Lease()
					switch {
					case ok && closeEarly:
						t.Error("a lease was had after Close")
					case ok:
						b.use(key, &l, 1)
					}
				}
			})
		}
		if closeEarly {
			for opened := b.opens.Load() + int64(limit); b.opens.Load() < opened; {
				runtime.Gosched()
			}
		} else {
			group.Wait()
			if s := c.Stat(); s.InUse+s.Opening+s.Waiting != 0 {
				t.Errorf("with nobody at work: %+v", s)
			}
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if b.exist.Load() != 0 || b.opens.Load() != b.closes.Load() {
			t.Errorf("%d values were opened and %d closed", b.opens.Load(), b.closes.Load())
		}
		group.Wait()
		if t.Failed() {
			return
		}
	}
	t.Logf("%d turns", turns.Load())
}

// TestNoWakeUpIsLost lets one caller give the only room back while another comes to wait
// for it. Nobody else is there who could wake one whom the first has forgotten.
func TestNoWakeUpIsLost(t *testing.T) {
	c := New(Options[int, int]{Limit: 1, IdleAfter: -1, Close: func(int, int) error { return nil }})
	open := func(context.Context) (int, error) { return 0, nil }
	deadline := time.Now().Add(*hammerFor)
	var begun, ended atomic.Int64 // rounds
	var over atomic.Bool          // there will be no other round
	done := make(chan struct{})
	go func() { // waits for room in every round
		defer close(done)
		for round := int64(1); ; round++ {
			for begun.Load() < round {
				if over.Load() {
					return
				}
				runtime.Gosched()
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			l, err := c.Acquire(ctx, 1, open)
			cancel()
			if err != nil {
				t.Errorf("round %d: %v", round, err)
			}
			l.Release()
			ended.Store(round)
		}
	}()
	rounds := int64(0)
	for (rounds < leastRounds || time.Now().Before(deadline)) && !t.Failed() {
		l, err := c.Acquire(context.Background(), 0, open)
		if err != nil {
			t.Fatal(err)
		}
		rounds++
		begun.Store(rounds)
		for range rand.IntN(300) { // to meet the other at any of its steps
			begun.Load()
		}
		l.Release()
		for ended.Load() < rounds {
			runtime.Gosched()
		}
	}
	over.Store(true)
	<-done
	if s := c.Stat(); s.Evictions == 0 {
		t.Errorf("the test proves nothing: %+v", s)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	t.Logf("%d rounds", rounds)
}
