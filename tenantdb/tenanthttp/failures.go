package tenanthttp

import (
	"sync"
	"time"
)

// failures remembers which tenants could not be made, so that requests that come on and on are not
// as many attempts, each of which may be recorded. The zero value is ready for use.
type failures struct {
	mu sync.Mutex // guards of
	of map[string]failure
}

// failure is of one tenant.
type failure struct {
	err   error
	pause time.Duration // after the last attempt
	until time.Time     // when the next may be made
}

// How long there is no attempt after one that has failed: at first and, doubled each time, at the most. Of more
// than mostFailures tenants at once nothing is remembered.
const (
	firstPause   = time.Second
	mostPause    = time.Minute
	mostFailures = 256
)

// last returns why the last attempt failed, if it is too early for the next.
func (f *failures) last(name string, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if of := f.of[name]; now.Before(of.until) {
		return of.err
	}
	return nil
}

// note notes how an attempt has ended.
func (f *failures) note(name string, err error, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		delete(f.of, name)
		return
	}
	before, known := f.of[name]
	if !known && len(f.of) >= mostFailures {
		for other, of := range f.of {
			if now.After(of.until) {
				delete(f.of, other)
			}
		}
		if len(f.of) >= mostFailures {
			return
		}
	}
	if f.of == nil {
		f.of = map[string]failure{}
	}
	pause := min(max(2*before.pause, firstPause), mostPause)
	f.of[name] = failure{err: err, pause: pause, until: now.Add(pause)}
}
