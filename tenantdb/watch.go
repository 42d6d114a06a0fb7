package tenantdb

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/silokit/silo/tenantdb/internal/passage"
)

// watchEvery is how often a gate is asked whether it may answer otherwise.
const watchEvery = 500 * time.Millisecond

// watcher closes tenants that are open and may not be used any more, so that whoever has
// forbidden it, in another process perhaps, can have the file. It has one goroutine, from
// the first gate that knows of changes until the Dir is closed.
type watcher struct {
	dir     *Dir
	begin   sync.Once
	ending  sync.Once
	stop    chan struct{}
	stopped chan struct{} // closed when there is no goroutine any more
}

func newWatcher(d *Dir) *watcher {
	return &watcher{dir: d, stop: make(chan struct{}), stopped: make(chan struct{})}
}

// start begins watching, unless it was begun or ended.
func (w *watcher) start() { w.begin.Do(func() { go w.run() }) }

// close ends the goroutine, or has none begin. It may be called twice.
func (w *watcher) close() {
	w.begin.Do(func() { close(w.stopped) })
	w.ending.Do(func() { close(w.stop) })
	<-w.stopped
}

func (w *watcher) run() {
	defer close(w.stopped)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	timer := time.NewTimer(watchEvery)
	defer timer.Stop()
	var seen look
	for {
		select {
		case <-w.stop:
			return
		case <-timer.C:
		}
		seen = w.look(ctx, seen)
		timer.Reset(watchEvery)
	}
}

// look is what a gate said when the open tenants were last looked at.
type look struct {
	gate    *Gate
	changes int64
}

// look discards the open tenants that are not let in any more, if that may have changed,
// and then says so: whoever reads the line can rely on it.
func (w *watcher) look(ctx context.Context, seen look) look {
	gate := w.dir.gate.Load()
	if gate == nil {
		return look{}
	}
	changing, ok := (*gate).(ChangingGate)
	if !ok {
		return look{gate: gate}
	}
	changes, err := changing.Changes(ctx)
	if err != nil {
		return look{} // and look again
	}
	if now := (look{gate, changes}); now != seen {
		for _, id := range w.dir.tenants.Keys() {
			if _, err := changing.Admit(ctx, id); err != nil {
				w.dir.tenants.Discard(id)
				w.dir.options.Logger.Debug("tenantdb: closing a tenant that is not let in", slog.String("tenant", id.name), slog.Any("error", err))
			}
		}
		return now
	}
	return seen
}

// admitOpened asks the gate once more about a tenant that was opened: what it said before
// may have changed before the watcher could see the tenant. From then on the watcher does.
func (d *Dir) admitOpened(ctx context.Context, db *database) error {
	id := db.address.tenant
	if db.admitted.Load() || id.IsZero() || passage.Has(ctx, id.name) {
		return nil
	}
	if d.gate.Load() == nil {
		d.unasked.serves.Store(true)
	}
	if _, err := d.admit(ctx, id); err != nil {
		return err
	}
	db.admitted.Store(true)
	return nil
}
