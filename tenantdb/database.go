package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/lease"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/query"
)

// database is one open file: its writer, and its readers as they are needed. It is
// what the cache of open tenants keeps; whoever uses it holds a lease.
type database struct {
	dir         *Dir
	address     address
	path        string
	incarnation string
	info        fs.FileInfo // of the file when it was opened
	log         fs.FileInfo // of its write-ahead log
	history     history     // of the migrations that had run then

	writer  connection
	writing chan struct{} // holds a token while the writer is in use; its waiters are served in order
	holder  atomic.Pointer[holding]

	reading chan struct{} // holds a token for each reader in use; its waiters are served in order

	mu   sync.Mutex    // guards idle; nothing is done under it but taking and giving
	idle []*connection // readers open and not in use

	broken atomic.Bool // an error says that the file must be closed and opened anew
}

// holding says who uses the writer, for the error of those that wait for it.
type holding struct {
	since   time.Time
	inWrite bool                            // it is a call of Write, else of one query
	running atomic.Pointer[query.Statement] // the query, or the last one of the call
}

// String says it for the error of those that wait.
func (h *holding) String() string {
	st := h.running.Load()
	switch {
	case !h.inWrite:
		return "query " + st.Name()
	case st == nil:
		return "a call of Write"
	}
	return "a call of Write, last in query " + st.Name() + ","
}

// connection is one connection of a database while it is lent to a call. It is
// used by one call at a time.
type connection struct {
	db     *database
	conn   *sqlite.Conn
	lease  lease.Lease[ID, *database] // of the call that has it
	writes bool
}

func newDatabase(d *Dir, a address, path string, conn *sqlite.Conn) *database {
	db := &database{
		dir: d, address: a, path: path,
		writing: make(chan struct{}, 1),
		reading: make(chan struct{}, maxReaders),
	}
	db.writer = connection{db: db, conn: conn, writes: true}
	return db
}

// lendWriter waits for the writer and begins a transaction on it, for one query or,
// without, for a call of Write.
func (db *database) lendWriter(ctx context.Context, st *query.Statement) (*connection, error) {
	start := time.Now()
	wait := db.dir.options.Wait
	if err := waitFor(ctx, db.writing, wait); err != nil {
		return nil, db.busy(start, err)
	}
	h := &holding{since: time.Now(), inWrite: st == nil}
	h.running.Store(st)
	db.holder.Store(h)
	c := &db.writer
	c.conn.Watch(ctx, max(wait-time.Since(start), 0))
	if err := c.begin(); err != nil {
		c.conn.Unwatch()
		db.holder.Store(nil)
		if errors.Is(err, sqlite.ErrBusy) {
			err = db.busy(start, err) // another process
		}
		err = db.noteBroken(err)
		<-db.writing
		return nil, err
	}
	return c, nil
}

// busy says who has the writer that a call waited for in vain. why is the end of the
// wait or of the context, or SQLite's word that another process has the lock.
func (db *database) busy(start time.Time, why error) error {
	busy := &BusyError{Waited: time.Since(start).Round(time.Millisecond)}
	if h := db.holder.Load(); h != nil {
		busy.Holder, busy.Held = h.String(), time.Since(h.since).Round(time.Millisecond)
	}
	if errors.Is(why, errWaited) {
		return busy
	}
	return fmt.Errorf("%w: %w", busy, why)
}

// begin begins a transaction on the writer.
func (c *connection) begin() error {
	// Written to a file that has lost its name, rows would be acknowledged and gone;
	// and after a rollback that failed, the connection is good for nothing.
	if c.conn.InTransaction() {
		c.db.broken.Store(true)
		return fmt.Errorf("%w: an earlier rollback failed", ErrIO)
	}
	if c.conn.Moved() {
		c.db.broken.Store(true)
		return ErrTenantGone
	}
	return c.conn.Exec("BEGIN IMMEDIATE")
}

// lendReader waits for a reader, opening one if there are fewer than may be.
func (db *database) lendReader(ctx context.Context) (*connection, error) {
	wait := db.dir.options.Wait
	if err := waitFor(ctx, db.reading, wait); err != nil {
		if errors.Is(err, errWaited) {
			return nil, fmt.Errorf("%w, waited %v", ErrReadersBusy, wait)
		}
		return nil, fmt.Errorf("%w: %w", ErrReadersBusy, err)
	}
	return db.takeReader(ctx)
}

// takeReader takes an idle reader or opens one. The caller has a place for it, which is
// given up if that fails.
func (db *database) takeReader(ctx context.Context) (*connection, error) {
	db.mu.Lock()
	var c *connection
	if n := len(db.idle); n > 0 {
		c = db.idle[n-1]
		db.idle = db.idle[:n-1]
	}
	db.mu.Unlock()
	if c == nil {
		conn, err := db.openReader(ctx)
		if err != nil {
			<-db.reading
			return nil, db.noteBroken(err)
		}
		c = &connection{db: db, conn: conn}
	}
	c.conn.Watch(ctx, db.dir.options.Wait)
	return c, nil
}

// returnReader makes a reader idle and gives its place up.
func (db *database) returnReader(c *connection) {
	db.mu.Lock()
	db.idle = append(db.idle, c)
	db.mu.Unlock()
	<-db.reading
}

// unchanged reports whether the migrations that have run are those of when the file was
// opened. Another tool may have taken one down or run one since. It waits for no
// reader: if none is free, or the look fails, it says yes, and the calls that follow say
// what is wrong.
func (db *database) unchanged(ctx context.Context) bool {
	select {
	case db.reading <- struct{}{}:
	default:
		return true
	}
	c, err := db.takeReader(ctx)
	if err != nil {
		return !db.broken.Load()
	}
	now, err := readHistory(c.conn)
	c.conn.Unwatch()
	db.returnReader(c)
	return err != nil || now == db.history
}

// openReader opens another connection to the very file that is open. The name may have
// come to be another file's since.
func (db *database) openReader(ctx context.Context) (*sqlite.Conn, error) {
	conn, err := db.dir.connect(ctx, db.path, db.dir.options.Wait, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		return nil, err
	}
	if !db.inPlace() || conn.Moved() {
		db.broken.Store(true)
		return nil, errors.Join(ErrTenantGone, db.dir.disconnect(conn))
	}
	return conn, nil
}

// errWaited is returned by waitFor when the wait is over.
var errWaited = errors.New("waited")

// waitFor takes a place in the channel, in order with others that wait, until ctx
// ends or wait is over.
func waitFor(ctx context.Context, places chan struct{}, wait time.Duration) error {
	select {
	case places <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return sqlite.Ended(ctx)
	case <-timer.C:
		return errWaited
	}
}

// noteBroken remembers an error after which the file is to be opened anew.
func (db *database) noteBroken(err error) error {
	if sqlite.Broken(err) {
		db.broken.Store(true)
	}
	return err
}

// inPlace reports whether the file that is open is still the one of its name, and has
// not been emptied.
func (db *database) inPlace() bool {
	info, err := os.Lstat(db.path)
	return err == nil && info.Size() > 0 && os.SameFile(info, db.info)
}

// close closes all connections. Nobody has a lease any more.
func (db *database) close() error {
	replaced := db.info != nil && !db.inPlace()
	var errs []error
	for _, c := range db.idle {
		errs = append(errs, db.dir.disconnect(c.conn))
	}
	// The writer last: whoever closes last moves the log into the database.
	errs = append(errs, db.dir.disconnect(db.writer.conn))
	if replaced {
		errs = append(errs, db.removeLog())
	}
	return errors.Join(errs...)
}

// removeLog removes the log of a file that has lost its name. SQLite leaves it where
// it is, and would take it for that of the file which has the name now.
func (db *database) removeLog() error {
	if info, err := os.Lstat(db.path + "-wal"); err == nil && os.SameFile(info, db.log) {
		return durable.Remove(db.path+"-wal", db.path+"-shm")
	}
	return nil // it is not there, or another one
}
