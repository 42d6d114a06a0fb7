package tenantdb

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/silokit/silo/tenantdb/internal/lease"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// database is one open file: its writer, and its readers as they are needed. It is
// what the cache of open tenants keeps; whoever uses it holds a lease.
type database struct {
	dir         *Dir
	address     address
	path        string
	incarnation string
	info        fs.FileInfo // of the file when it was opened

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
	name  string
	since time.Time
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

// lendWriter waits for the writer and begins a transaction on it. The name is
// what others are told who wait meanwhile.
func (db *database) lendWriter(ctx context.Context, name string) (*connection, error) {
	start := time.Now()
	wait := db.dir.options.WriteWait
	if err := waitFor(ctx, db.writing, wait); err != nil {
		if errors.Is(err, errWaited) {
			busy := &BusyError{Waited: time.Since(start).Round(time.Millisecond)}
			if h := db.holder.Load(); h != nil {
				busy.Holder, busy.Held = h.name, time.Since(h.since).Round(time.Millisecond)
			}
			err = busy
		}
		return nil, err
	}
	db.holder.Store(&holding{name: name, since: time.Now()})
	c := &db.writer
	c.conn.Watch(ctx, max(wait-time.Since(start), 0))
	if err := c.begin(); err != nil {
		c.conn.Unwatch()
		db.holder.Store(nil)
		<-db.writing
		if errors.Is(err, sqlite.ErrBusy) && ctx.Err() == nil {
			err = &BusyError{Waited: time.Since(start).Round(time.Millisecond)}
		}
		return nil, db.noteBroken(err)
	}
	return c, nil
}

// begin begins a transaction on the writer.
func (c *connection) begin() error {
	// Written to a file that has lost its name, rows would be acknowledged and gone.
	if c.conn.Moved() {
		c.db.broken.Store(true)
		return ErrTenantGone
	}
	return c.conn.Exec("BEGIN IMMEDIATE")
}

// lendReader waits for a reader, opening one if there are fewer than may be.
func (db *database) lendReader(ctx context.Context) (*connection, error) {
	wait := db.dir.options.WriteWait
	if err := waitFor(ctx, db.reading, wait); err != nil {
		if errors.Is(err, errWaited) {
			err = ErrReadersBusy
		}
		return nil, err
	}
	db.mu.Lock()
	var c *connection
	if n := len(db.idle); n > 0 {
		c = db.idle[n-1]
		db.idle = db.idle[:n-1]
	}
	db.mu.Unlock()
	if c == nil {
		conn, err := db.dir.connect(ctx, db.path, wait, sqlite.Config{Mode: sqlite.ReadOnly})
		if err != nil {
			<-db.reading
			return nil, db.noteBroken(err)
		}
		c = &connection{db: db, conn: conn}
	}
	c.conn.Watch(ctx, wait)
	return c, nil
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

// close closes all connections. Nobody has a lease any more.
func (db *database) close() error {
	var errs []error
	for _, c := range db.idle {
		errs = append(errs, db.dir.disconnect(c.conn))
	}
	// The writer last: whoever closes last moves the log into the database.
	return errors.Join(append(errs, db.dir.disconnect(db.writer.conn))...)
}
