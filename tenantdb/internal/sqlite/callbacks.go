package sqlite

import (
	"cmp"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// live finds the Conn of a callback by the number that SQLite hands back. SQLite
// cannot be given a Go pointer, which the collector would not see. It is the
// package's one variable: what it holds is one entry for each open connection.
var live struct {
	sync.Map // uintptr → *Conn
	last     atomic.Uintptr
}

func (c *Conn) register() {
	c.id = live.last.Add(1)
	live.Store(c.id, c)
}

func (c *Conn) unregister() { live.Delete(c.id) }

func connOf(id uintptr) *Conn {
	c, ok := live.Load(id)
	if !ok {
		return nil
	}
	return c.(*Conn)
}

// progressSteps is how many instructions SQLite's virtual machine runs between
// two looks at the context: some tens of microseconds.
const progressSteps = 4000

// LookEvery sets how many instructions are run between two looks; 0 is the usual number.
// A look is some 50 ns.
func (c *Conn) LookEvery(steps int32) {
	sqlite3.Xsqlite3_progress_handler(c.tls, c.db, cmp.Or(steps, progressSteps), funcPointer(progressCallback), c.id)
}

// installCallbacks installs the authorizer, the busy handler and the progress
// handler, once for the life of the connection.
func (c *Conn) installCallbacks() error {
	if rc := sqlite3.Xsqlite3_set_authorizer(c.tls, c.db, funcPointer(authorizeCallback), c.id); rc != sqlite3.SQLITE_OK {
		return c.fail(rc, "")
	}
	if rc := sqlite3.Xsqlite3_busy_handler(c.tls, c.db, funcPointer(busyCallback), c.id); rc != sqlite3.SQLITE_OK {
		return c.fail(rc, "")
	}
	c.LookEvery(0)
	return nil
}

// authorizeCallback is asked by SQLite for each thing that a statement would do
// (https://www.sqlite.org/c3ref/set_authorizer.html). Without a Conn it refuses.
func authorizeCallback(_ *libc.TLS, id uintptr, action int32, arg1, arg2, _, trigger uintptr) int32 {
	c := connOf(id)
	if c == nil {
		return sqlite3.SQLITE_DENY
	}
	if c.trusted {
		return sqlite3.SQLITE_OK
	}
	policy := c.policy
	if name := goString(trigger); policy == Queries && c.catalog && (name == "" || IsOwnTable(name)) {
		policy = CatalogQueries // not for an application's trigger, which a cascade may run
	}
	if policy.passesOver(action, goString(arg1)) {
		return sqlite3.SQLITE_IGNORE
	}
	if why := policy.authorize(action, goString(arg1), goString(arg2)); why != "" {
		c.denied = why
		return sqlite3.SQLITE_DENY
	}
	return sqlite3.SQLITE_OK
}

// progressCallback stops the statement under way when its context has ended, or when it
// is expelled (https://www.sqlite.org/c3ref/progress_handler.html).
func progressCallback(_ *libc.TLS, id uintptr) int32 {
	c := connOf(id)
	if c == nil || c.ctx == nil || c.ctx.Err() == nil && c.Expelled() == nil {
		return 0
	}
	return 1
}

// busyDelays are the waits before each retry for a lock that another process
// holds, SQLite's own schedule; the last repeats.
var busyDelays = [...]time.Duration{1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100}

// busyCallback waits for another process's lock until the call's limit, or until
// its context ends (https://www.sqlite.org/c3ref/busy_handler.html).
func busyCallback(_ *libc.TLS, id uintptr, count int32) int32 {
	c := connOf(id)
	if c == nil || c.ctx == nil {
		return 0
	}
	delay := busyDelays[min(int(count), len(busyDelays)-1)] * time.Millisecond
	if c.busySince.IsZero() {
		c.busySince = time.Now()
	}
	waited := time.Since(c.busySince)
	if c.waits != nil && waited >= max(WaitsAfter, 2*c.told) {
		c.told = waited
		c.waits(c.path, waited)
	}
	if left := c.wait - waited; left <= 0 {
		return 0
	} else if delay > left {
		delay = left
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-c.ctx.Done():
		return 0
	case <-timer.C:
		return 1
	}
}
