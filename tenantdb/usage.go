package tenantdb

import (
	"context"
	"errors"
	"math"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/silokit/silo/tenantdb/internal/registry"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Usage is what the calls on one tenant came to in some time.
//
// A call is that of a generated query on a handle, or of Write or Read as a whole, however
// many queries it runs. What cannot open the tenant, because of its file, is one too.
//
// An error is a call that failed because of the database: SQLite refused or could not do it, a
// constraint among the reasons, the writer or the readers were busy for too long, or the file
// could not be opened. The end of the caller's context, [database/sql.ErrNoRows], values that do
// not fit a type, and what a callback returns that is no error of the database are none.
//
// A slow call is one that had its connection for Options.SlowAfter or longer. What it waited
// before does not count: of ten calls behind a slow one, only that one was.
type Usage struct {
	Tenant ID
	Calls  int64
	Errors int64 // of the calls
	Slow   int64 // likewise
	Size   int64 // in bytes, of the file and its log, by their names and now; 0: there is none
}

// TakeUsage returns what the calls came to since it was called before, of the tenants that
// had any, in no order; the first time, since Open. Calls under way are counted when they end.
// What tenants were asked that were closed before the first call is not kept.
//
// It is for package fleet, whose Recorder adds it up: nobody else can name the permit.
func (d *Dir) TakeUsage(registry.Permit) []Usage {
	if !d.opened() {
		return nil
	}
	all := d.ledger.take()
	d.tenants.Each(func(id ID, db *database) {
		if n := db.counters.take(); n != (tally{}) {
			all[id] = all[id].plus(n)
		}
	})
	out := make([]Usage, 0, len(all))
	for id, n := range all {
		out = append(out, Usage{Tenant: id, Calls: n.calls, Errors: n.errors, Slow: n.slow, Size: d.size(id)})
	}
	return out
}

// size returns how large a tenant's file and its log are. It asks the folder for that, and
// opens nothing.
func (d *Dir) size(id ID) (bytes int64) {
	path := d.layout.tenantPath(id)
	for _, name := range [...]string{path, path + "-wal"} {
		if info, err := os.Lstat(name); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

// tally is how many calls there were, and of what kind.
type tally struct{ calls, errors, slow int64 }

func (n tally) plus(m tally) tally {
	return tally{n.calls + m.calls, n.errors + m.errors, n.slow + m.slow}
}

// counters count the calls on an open database. Each is counted once, and taken once: by
// who takes what is open, or by who closes the database.
type counters struct{ calls, errors, slow atomic.Int64 }

func (n *counters) take() tally {
	// Calls are added last: while there are none, there is nothing of those that are over.
	if n.calls.Load() == 0 {
		return tally{}
	}
	return tally{n.calls.Swap(0), n.errors.Swap(0), n.slow.Swap(0)}
}

// count counts a call that is over, and had the connection. why is how it ended.
func (c *connection) count(why error) {
	db := c.db
	if why != nil {
		if errors.Is(why, sqlite.ErrYield) {
			return // it begins anew on another connection, and is counted there
		}
		if ofDatabase(why) {
			db.counters.errors.Add(1)
		}
	}
	if c.began != 0 && db.dir.ledger.taken.Load() && db.dir.clock()-c.began >= db.dir.slowAfter {
		db.counters.slow.Add(1)
	}
	db.counters.calls.Add(1)
}

// countRefused counts a call that got no connection.
func (db *database) countRefused(why error) {
	if ofDatabase(why) {
		db.counters.errors.Add(1)
	}
	db.counters.calls.Add(1)
}

// failures are the errors of the database that are not SQLite's own.
var failures = [...]error{
	ErrOutcomeUnknown, ErrWriterBusy, ErrReadersBusy, ErrSnapshotTooOld, ErrMigrationFailed, ErrWrongSchema,
	ErrWrongTenant, ErrSchemaAhead, ErrSchemaDiverged, ErrSchemaBehind, ErrCannotOpen, ErrTooManyFiles, ErrDiskFull,
}

// ofDatabase reports whether a call failed because of the database: see [Usage].
func ofDatabase(err error) bool {
	if err == nil || !errors.Is(err, ErrOutcomeUnknown) && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return false
	}
	var ofSQLite *sqlite.Error
	if errors.As(err, &ofSQLite) {
		return true
	}
	for _, one := range failures {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}

// ledger keeps what was counted of tenants that are not open.
type ledger struct {
	taken atomic.Bool // somebody takes it; else it would only grow

	mu  sync.Mutex // guards all; nothing is waited for under it
	all map[ID]tally
}

func (l *ledger) add(id ID, n tally) {
	if n == (tally{}) || id.IsZero() || !l.taken.Load() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[ID]tally{}
	}
	have, ok := l.all[id]
	if !ok {
		id = ID{strings.Clone(id.name)} // it may be a part of a request, which is not to be kept with it
	}
	l.all[id] = have.plus(n)
}

// forget drops what was counted of a tenant that is erased.
func (l *ledger) forget(id ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, id)
}

// take returns what there is, for the caller to keep.
func (l *ledger) take() map[ID]tally {
	l.taken.Store(true)
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.all
	if l.all = nil; all == nil {
		all = map[ID]tally{}
	}
	return all
}

// countUnopened counts a call on a tenant whose file could not be opened. Names that no
// tenant has are not counted: anybody may ask for as many as they like.
func (d *Dir) countUnopened(id ID, err error) {
	if ofDatabase(err) {
		d.ledger.add(id, tally{calls: 1, errors: 1})
	}
}

// clock returns how long the Dir has been open, in nanoseconds and never 0. It is not set
// as the system's is, and takes half as long to read.
func (d *Dir) clock() int64 { return int64(time.Since(d.epoch)) + 1 }

// beginCall returns the clock for a call that looks at it for its own count alone, and 0 while
// nobody takes the counts: two looks are a twentieth of a point read.
func (d *Dir) beginCall() int64 {
	if !d.ledger.taken.Load() {
		return 0
	}
	return d.clock()
}

// never is longer than any call lasts.
const never = math.MaxInt64
