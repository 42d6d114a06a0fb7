package tenantdb

import (
	"sync"
	"sync/atomic"
	"time"
)

// warmFor is how long a transaction of an idle reader stays open: not less, and less
// than twice that.
const warmFor = 400 * time.Millisecond

// warmKeeper ends the transactions that idle readers keep open. While one is open no
// process can begin the log anew, nor take the file for itself. And it has tenants rest
// that nobody uses: see rest.go. It has one goroutine, which sleeps as long as all do.
type warmKeeper struct {
	tick atomic.Uint32 // counts the looks

	mu   sync.Mutex // guards list; nothing is waited for under it
	list []*database

	wake    chan struct{} // holds a token when list has come to be not empty
	ending  sync.Once
	stop    chan struct{}
	stopped chan struct{}
}

func newWarmKeeper() *warmKeeper {
	return &warmKeeper{wake: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{})}
}

// note has the database looked at: it was used.
func (k *warmKeeper) note(db *database) {
	if db.warm.Load() || !db.warm.CompareAndSwap(false, true) {
		return
	}
	k.mu.Lock()
	k.list = append(k.list, db)
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// run looks at the noted databases until the keeper is closed.
func (k *warmKeeper) run() {
	defer close(k.stopped)
	timer := time.NewTimer(warmFor)
	defer timer.Stop()
	for {
		select {
		case <-k.stop:
			return
		case <-k.wake:
		}
		timer.Reset(warmFor)
		select {
		case <-k.stop:
			return
		case <-timer.C:
		}
		k.look()
	}
}

// look ends what was not used since the look before, and has what was not used for long
// rest.
func (k *warmKeeper) look() {
	k.mu.Lock()
	list := k.list
	k.list = nil
	k.mu.Unlock()
	since := k.tick.Add(1) - 1
	for _, db := range list {
		// First the mark, then the look: a connection given back in between notes it again.
		db.warm.Store(false)
		if db.closed.Load() {
			continue
		}
		left := db.endIdle(since)
		if !db.calm(since) || left {
			k.note(db)
		}
	}
	if len(list) > 0 {
		list[0].dir.tellUnasked()
	}
}

// close ends the goroutine. It may be called twice.
func (k *warmKeeper) close() {
	k.ending.Do(func() { close(k.stop) })
	<-k.stopped
}
