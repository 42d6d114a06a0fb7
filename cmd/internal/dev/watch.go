package dev

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// pollInterval is how often files are looked at where the system does not tell of changes.
const pollInterval = time.Second

// Watch says how changes of files are found.
type Watch int

const (
	// ByEvents has the system tell of changes, and is ByLooking where it cannot.
	ByEvents Watch = iota

	// ByLooking looks at all files each second: file systems of other machines do not tell of what is changed there.
	ByLooking
)

// watcher says when files may have changed.
type watcher struct {
	changes chan struct{} // has one element when something has happened since it was last read
	ended   sync.WaitGroup
	stop    context.CancelFunc
	polls   error // why it looks from time to time, though it was to have events
}

// newWatcher begins to watch a tree. It has one goroutine, which close ends and joins.
func newWatcher(t *tree, how Watch) *watcher {
	ctx, stop := context.WithCancel(context.Background())
	w := &watcher{changes: make(chan struct{}, 1), stop: stop}
	if how == ByLooking {
		w.ended.Go(func() { w.poll(ctx) })
		return w
	}
	events, err := fsnotify.NewWatcher()
	if err == nil {
		err = add(events, t, t.root)
	}
	if err != nil {
		if events != nil {
			err = errors.Join(err, events.Close())
		}
		w.polls = err
		w.ended.Go(func() { w.poll(ctx) })
		return w
	}
	w.ended.Go(func() { w.follow(ctx, events, t) })
	return w
}

// close ends the watch.
func (w *watcher) close() {
	w.stop()
	w.ended.Wait()
}

// signal says that something may have changed.
func (w *watcher) signal() {
	select {
	case w.changes <- struct{}{}:
	default: // nobody has looked since the last time
	}
}

// add has the system tell of changes in a folder and those below it. Folders that are gone already are no error, but that the system
// has no more watches is.
func add(events *fsnotify.Watcher, t *tree, folder string) error {
	var errs []error
	t.walk(folder, func(path string, entry fs.DirEntry) {
		if !entry.IsDir() {
			return
		}
		if err := events.Add(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	})
	return errors.Join(errs...)
}

// follow signals what the system tells, until ctx ends. When it cannot watch a new folder it polls from then on.
func (w *watcher) follow(ctx context.Context, events *fsnotify.Watcher, t *tree) {
	defer func() { _ = events.Close() }() // nothing can be done about it
	for {
		select {
		case <-ctx.Done():
			return
		case lost := <-events.Errors:
			if lost != nil { // there were more changes than the system remembers
				w.signal()
			}
		case event := <-events.Events:
			if event.Op == fsnotify.Chmod {
				continue
			}
			if info, err := os.Lstat(event.Name); err == nil && info.IsDir() {
				if add(events, t, event.Name) != nil {
					w.poll(ctx)
					return
				}
				w.signal()
			} else if t.matters(event.Name) || err != nil { // what is gone may have been a folder
				w.signal()
			}
		}
	}
}

// poll signals each pollInterval, until ctx ends.
func (w *watcher) poll(ctx context.Context) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			w.signal()
		}
	}
}

// settle returns when nothing has changed for as long as quiet says, or most has passed, or ctx has ended: an editor that saves
// all its files, or git, makes many changes at once.
func settle(ctx context.Context, changes <-chan struct{}, quiet, most time.Duration) {
	enough := time.NewTimer(most)
	defer enough.Stop()
	for {
		calm := time.NewTimer(quiet)
		select {
		case <-changes:
			calm.Stop()
			continue
		case <-calm.C:
		case <-enough.C:
		case <-ctx.Done():
		}
		calm.Stop()
		return
	}
}
