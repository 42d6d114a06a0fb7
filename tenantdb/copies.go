package tenantdb

import (
	"context"
	"sync"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// copies counts the copies of tenants' files that are being taken. A copy is read by a
// connection of its own, which the cache of open tenants does not know; whoever wants a
// file for itself waits for its copies too, instead of being told that another process has
// the file.
type copies struct {
	mu      sync.Mutex
	of      map[ID]*copying
	changed chan struct{} // closed at the next change
}

// copying is what is done with one tenant's file beside its use.
type copying struct {
	copies int // being taken
	fences int // who wants the file without any
}

// enter waits until nobody wants the tenant's file for itself, and counts one more copy.
func (c *copies) enter(ctx context.Context, id ID) error {
	return c.wait(ctx, id, func(of *copying) bool {
		if of.fences > 0 {
			return false
		}
		of.copies++
		return true
	})
}

// tryEnter is enter for who does without, if somebody wants the file for itself.
func (c *copies) tryEnter(id ID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	of := c.get(id)
	if of.fences > 0 {
		return false
	}
	of.copies++
	return true
}

// leave ends what enter has begun.
func (c *copies) leave(id ID) { c.change(id, func(of *copying) { of.copies-- }) }

// fence lets no copy of the tenant's file begin until release is called, and waits for
// those under way.
func (c *copies) fence(ctx context.Context, id ID) (release func(), err error) {
	c.change(id, func(of *copying) { of.fences++ })
	release = func() { c.change(id, func(of *copying) { of.fences-- }) }
	if err := c.wait(ctx, id, func(of *copying) bool { return of.copies == 0 }); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

// wait waits until ready says that it need not, or until ctx ends.
func (c *copies) wait(ctx context.Context, id ID, ready func(*copying) bool) error {
	for {
		c.mu.Lock()
		done := ready(c.get(id))
		changed := c.changed
		c.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return sqlite.Ended(ctx)
		}
	}
}

func (c *copies) change(id ID, f func(*copying)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	of := c.get(id)
	f(of)
	if *of == (copying{}) {
		delete(c.of, id)
	}
	close(c.changed)
	c.changed = make(chan struct{})
}

// get returns the tenant's counts. c.mu is held.
func (c *copies) get(id ID) *copying {
	if c.of == nil {
		c.of, c.changed = map[ID]*copying{}, make(chan struct{})
	}
	of := c.of[id]
	if of == nil {
		of = &copying{}
		c.of[id] = of
	}
	return of
}
