package tenantdb

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/silokit/silo/tenantdb/query"
)

// holding says who uses the writer, for the error of those that wait for it. They read
// it while the holder writes.
type holding struct {
	since   atomic.Int64                    // of the Dir's clock; 0: nobody
	inWrite atomic.Bool                     // it is a call of Write, else of one query
	running atomic.Pointer[query.Statement] // the query, or the last one of the call
}

func (h *holding) begin(since int64, st *query.Statement) {
	h.running.Store(st)
	h.inWrite.Store(st == nil)
	h.since.Store(since)
}

func (h *holding) end() { h.since.Store(0) }

// String says it for the error of those that wait.
func (h *holding) String() string {
	st := h.running.Load()
	switch {
	case st == nil:
		return "a call of Write"
	case h.inWrite.Load():
		return "a call of Write, last in query " + st.Name() + ","
	}
	return "query " + st.Name()
}

// errWaited is how a wait for the writer ends that has lasted long enough.
var errWaited = errors.New("waited")

// busy says who has the writer that a call waited for in vain. why is the end of the
// wait or of the context, or SQLite's word that another process has the lock.
func (db *database) busy(start int64, why error) error {
	since := db.holder.since.Load()
	now := db.dir.clock()
	busy := &BusyError{Waited: time.Duration(now - start).Round(time.Millisecond)}
	if since != 0 {
		busy.Holder, busy.Held = db.holder.String(), time.Duration(now-since).Round(time.Millisecond)
	}
	if errors.Is(why, errWaited) {
		return busy
	}
	return fmt.Errorf("%w: %w", busy, why)
}
