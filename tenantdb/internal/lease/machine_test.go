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

	"pgregory.net/rapid"
)

// step is one thing that happens. pick chooses among the calls it can happen to.
type step struct {
	Do   string
	Key  string
	Pick int
}

var steps = rapid.Custom(func(t *rapid.T) step {
	return step{
		Do: rapid.SampledFrom([]string{
			"acquire", "acquire", "acquire", "opens", "opens", "fails", "release", "release",
			"discard", "cancel", "evict", "finish", "evict idle", "sleep", "keep", "ref", "ref",
		}).Draw(t, "do"),
		Key:  rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "key"),
		Pick: rapid.IntRange(0, 7).Draw(t, "pick"),
	}
})

func TestTheCacheDoesWhatItsModelDoes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		limit := rapid.IntRange(1, 3).Draw(rt, "limit")
		length := rapid.SampledFrom([]int{5, 10, 20, 40, 80}).Draw(rt, "length")
		script := rapid.SliceOfN(steps, length, length).Draw(rt, "steps")
		// The script runs on goroutines of its own, where rapid's T must not be used.
		var fault error
		synctest.Test(t, func(*testing.T) { fault = play(limit, script) })
		if fault != nil {
			rt.Fatal(fault)
		}
	})
}

// actor is a call of the cache and of the model at once.
type actor struct {
	want   *modelCall
	cancel context.CancelCauseFunc
	leave  chan error // what the open or then that this call runs is to return

	mu    sync.Mutex // the actor's goroutine writes, the stage reads
	state string
	lease Lease[string, *thing]
}

func (a *actor) set(state string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state = state
}

func (a *actor) open(ctx context.Context) (*thing, error) {
	a.set("opening")
	select {
	case err := <-a.leave:
		return &thing{key: a.want.key}, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (a *actor) then() error {
	a.set("working")
	return <-a.leave
}

func (a *actor) ended(l Lease[string, *thing], err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lease = l
	switch {
	case errors.Is(err, ErrFull) && errors.Is(err, errLeft):
		a.state = "gave up: full"
	case errors.Is(err, context.Canceled):
		a.state = "gave up"
	case errors.Is(err, errDisk):
		a.state = "failed"
	case err != nil:
		a.state = err.Error()
	case a.want.evict:
		a.state = "done"
	case l.Value() == nil || l.Value().key != a.want.key || l.Value().closed:
		a.state = "leased something wrong"
	default:
		a.state = "leased"
	}
}

// stage plays a script to a cache and to the model.
type stage struct {
	cache  *Cache[string, *thing]
	shop   shop
	model  *model
	actors []*actor
	refs   map[string]*keptRef
}

// keptRef is a Ref, and what its key was to the model when the Ref was kept: another one
// is made for the key after it was forgotten.
type keptRef struct {
	ref Ref[string, *thing]
	key *modelKey
}

func play(limit int, script []step) error {
	s := &stage{
		model: &model{limit: limit, idleAfter: 3 * time.Minute, keys: make(map[string]*modelKey)},
		refs:  make(map[string]*keptRef),
	}
	s.cache = New(Options[string, *thing]{Limit: limit, IdleAfter: s.model.idleAfter, Close: s.shop.close})
	time.Sleep(30 * time.Second) // so that nothing happens at the very time of a sweep
	s.model.now = 30 * time.Second
	var fault error
	for i, step := range script {
		s.do(step)
		if fault = s.compare(); fault != nil {
			fault = fmt.Errorf("after step %d, %+v: %w", i, step, fault)
			break
		}
	}
	s.strike()
	if err := s.cache.Close(); err != nil && fault == nil {
		fault = err
	}
	if stat := s.cache.Stat(); fault == nil && (stat.Opens != stat.Closes || stat.Open != 0) {
		fault = fmt.Errorf("after Close: %+v", stat)
	}
	return fault
}

// do makes a step with both, and waits until nothing moves any more.
func (s *stage) do(step step) {
	defer synctest.Wait()
	switch step.Do {
	case "acquire", "evict":
		s.call(step)
		return
	case "ref":
		s.leaseByRef(step.Key)
		return
	case "evict idle":
		s.model.evictIdle(1 + step.Pick%2)
		s.cache.EvictIdle(1 + step.Pick%2)
		return
	case "sleep":
		s.sleep(1 + step.Pick%4)
		return
	}
	a := s.pick(step.Pick, map[string][]string{
		"opens": {"opening"}, "fails": {"opening"},
		"release": {"leased"}, "discard": {"leased"}, "keep": {"leased"},
		"cancel": {"waiting", "opening"}, "finish": {"working"},
	}[step.Do])
	if a == nil {
		return
	}
	switch step.Do {
	case "opens":
		s.model.finishOpen(a.want, true)
		a.leave <- nil
	case "fails":
		s.model.finishOpen(a.want, false)
		a.leave <- errDisk
	case "finish":
		s.model.finishEvict(a.want)
		a.leave <- nil
	case "cancel":
		s.model.cancel(a.want)
		a.cancel(errLeft)
	case "keep":
		r := s.ref(a.want.key)
		r.key = s.model.keys[a.want.key]
		r.ref.Keep(a.lease)
	case "release":
		s.model.giveBack(a.want, false)
		a.set("returned")
		a.lease.Release()
	case "discard":
		s.model.giveBack(a.want, true)
		a.set("returned")
		a.lease.Discard()
		a.lease.Release()
	}
}

func (s *stage) call(step step) {
	ctx, cancel := context.WithCancelCause(context.Background())
	a := &actor{cancel: cancel, leave: make(chan error, 1), state: "waiting"}
	s.actors = append(s.actors, a)
	if step.Do == "acquire" {
		a.want = s.model.acquire(step.Key)
		go func() { a.ended(s.cache.Acquire(ctx, step.Key, a.open)) }()
		return
	}
	a.want = s.model.evict(step.Key)
	go func() { a.ended(Lease[string, *thing]{}, s.cache.Evict(ctx, step.Key, a.then)) }()
}

func (s *stage) ref(key string) *keptRef {
	if s.refs[key] == nil {
		s.refs[key] = new(keptRef)
	}
	return s.refs[key]
}

func (s *stage) leaseByRef(key string) {
	r := s.ref(key)
	a := &actor{cancel: func(error) {}, want: s.model.leaseByRef(key, r.key), state: "no lease"}
	s.actors = append(s.actors, a)
	if l, ok := r.ref.Lease(); ok {
		a.ended(l, nil)
	}
}

func (s *stage) sleep(minutes int) {
	for range minutes {
		s.model.sleep()
		time.Sleep(time.Minute)
		synctest.Wait()
	}
}

// pick returns one of the calls whose state is among these, or nil.
func (s *stage) pick(n int, states []string) *actor {
	var all []*actor
	for _, a := range s.actors {
		if slices.Contains(states, a.want.state) {
			all = append(all, a)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[n%len(all)]
}

// compare says where the cache differs from the model.
func (s *stage) compare() error {
	for i, a := range s.actors {
		a.mu.Lock()
		state := a.state
		a.mu.Unlock()
		if state != a.want.state {
			return fmt.Errorf("call %d, of %s, is %q, want %q", i, a.want.key, state, a.want.state)
		}
	}
	if !slices.Equal(s.shop.closed, s.model.closed) {
		return fmt.Errorf("closed %q, want %q", s.shop.closed, s.model.closed)
	}
	m := s.model
	want := Stat{
		Limit:     m.limit,
		Open:      m.count(func(k *modelKey) bool { return k.state == "open" }),
		InUse:     m.count(func(k *modelKey) bool { return k.leases > 0 }),
		Idle:      m.count((*modelKey).idle),
		Opening:   m.count(func(k *modelKey) bool { return k.state == "opening" }),
		Closes:    uint64(len(m.closed)),
		Evictions: m.evictions,
	}
	for _, k := range m.keys {
		want.Waiting += len(k.callers)
	}
	got := s.cache.Stat()
	got.Opens, got.OpenFailures = 0, 0 // seen in the calls' states
	if got != want {
		return fmt.Errorf("the cache counts %+v, want %+v", got, want)
	}
	return nil
}

// strike ends everything under way, so that the cache can be closed.
func (s *stage) strike() {
	for _, a := range s.actors {
		a.cancel(errLeft)
		if a.want.evict {
			a.leave <- nil
		}
	}
	synctest.Wait()
	for _, a := range s.actors {
		a.lease.Release()
	}
}
