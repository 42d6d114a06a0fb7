package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"
	"time"

	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/lease"
	"github.com/silokit/silo/tenantdb/internal/slots"
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
	opening     int64                          // how many files the Dir had opened before
	info        fs.FileInfo                    // of the file when it was opened
	log         fs.FileInfo                    // of its write-ahead log
	history     history                        // of the migrations that had run then
	read        atomic.Pointer[sqlite.Version] // of the database when that was last read

	writer  connection
	writing chan struct{} // holds a token while the writer is in use; its waiters are served in order
	holder  holding
	alone   uint32 // the keeper's tick from which on the writer may hold a snapshot; its holder asks

	guest      connection    // the writer's, lent to queries that read as long as there is no reader
	guestReads atomic.Int32  // how many there were
	guestTick  atomic.Uint32 // since this tick of the keeper
	pastGuests atomic.Bool   // there is a reader, or there is to be one
	wanted     atomic.Int32  // how many wait for the writer

	readers *slots.Slots           // who has which of reading
	reading [maxReaders]connection // opened as they are needed
	met     [maxReaders]longReader // of each; the writer's holder uses it
	warm    atomic.Bool            // the warm-keeper looks at it
	used    atomic.Uint32          // the keeper's tick at its last use
	closed  atomic.Bool            // it is closed, or about to be

	second atomic.Pointer[definition] // what a global file serves beside its address's

	ofFail      fact        // whether the schema speaks of FAIL; the writer's holder asks
	otherSchema atomic.Bool // that may be of an earlier schema

	admitted atomic.Bool // the gate has let it in since it was opened

	counters counters // of the calls, for TakeUsage

	broken atomic.Bool // an error says that the file must be closed and opened anew
}

// fact is what may have been found out.
type fact int

const (
	unknown fact = iota
	no
	yes
)

// schemaSpeaksOfFail reports whether a constraint or a trigger may have a statement keep
// the rows before the one that failed.
func (db *database) schemaSpeaksOfFail() (bool, error) {
	if db.otherSchema.Swap(false) || db.ofFail == unknown {
		found := no
		err := db.writer.conn.Query("SELECT sql FROM sqlite_schema WHERE sql LIKE '%fail%'", func(row *sqlite.Stmt) {
			if query.SpeaksOfFail(row.ColumnText(0)) {
				found = yes
			}
		})
		if err != nil {
			return false, err
		}
		db.ofFail = found
	}
	return db.ofFail == yes, nil
}

// connection is one connection of a database while it is lent to a call. It is
// used by one call at a time.
type connection struct {
	db     *database
	conn   *sqlite.Conn
	lease  lease.Lease[ID, *database] // of the call that has it
	writes bool
	guest  bool  // it is the writer's, lent to read
	began  int64 // when it was lent, by the Dir's clock

	// Of a reader.
	place    int // among its database's
	snapshot snapshot
	opened   atomic.Bool                 // conn is there, for those that have not taken the place
	call     atomic.Pointer[transaction] // the call of Read that has it, if one has
}

func newDatabase(d *Dir, a address, path string, conn *sqlite.Conn) *database {
	db := &database{
		dir: d, address: a, path: path, opening: d.openings.Add(1),
		writing: make(chan struct{}, 1),
		readers: slots.New(maxReaders),
	}
	db.writer = connection{db: db, conn: conn, writes: true}
	db.guest = connection{db: db, conn: conn, guest: true}
	return db
}

// lendWriter waits for the writer and begins a transaction on it, for one query or,
// without, for a call of Write.
func (db *database) lendWriter(ctx context.Context, st *query.Statement) (*connection, error) {
	start, wait := db.dir.clock(), db.dir.options.Wait
	since, err := db.takeWriter(ctx, start, wait)
	if err != nil {
		return nil, db.busy(start, err)
	}
	db.holder.begin(since, st)
	c := &db.writer
	c.began = since
	c.conn.Watch(ctx, max(wait-time.Duration(since-start), 0))
	if err := c.begin(); err != nil {
		c.conn.Unwatch()
		db.holder.end()
		if errors.Is(err, sqlite.ErrBusy) {
			err = db.busy(start, err) // another process
		}
		err = db.noteBroken(err)
		<-db.writing
		return nil, err
	}
	return c, nil
}

// takeWriter waits for the writer, in order with others, until ctx ends or wait is over.
// It returns the time at which it has it.
func (db *database) takeWriter(ctx context.Context, start int64, wait time.Duration) (since int64, err error) {
	select {
	case db.writing <- struct{}{}:
		return start, nil
	default:
	}
	db.wanted.Add(1)
	defer db.wanted.Add(-1)
	db.turnGuestOut()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case db.writing <- struct{}{}:
		return db.dir.clock(), nil
	case <-ctx.Done():
		return start, sqlite.Ended(ctx)
	case <-timer.C:
		return start, errWaited
	}
}

// returnWriter gives the writer to the next in line.
func (db *database) returnWriter() {
	db.holder.end()
	<-db.writing
	db.noteUse()
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
	return c.conn.BeginWrite()
}

// unchanged reports whether the migrations that have run are those of when the file was
// opened. Another tool may have taken one down or run one since. If the look fails it
// says yes, and the calls that follow say what is wrong.
func (db *database) unchanged(ctx context.Context) bool {
	version := db.writer.conn.Version()
	if version == *db.read.Load() && version != (sqlite.Version{}) {
		return true // nothing was committed at all
	}
	now, err := db.readHistory(ctx)
	for errors.Is(err, sqlite.ErrYield) {
		now, err = db.readHistory(ctx)
	}
	switch {
	case err != nil:
		return !db.broken.Load()
	case now != db.history:
		return false
	}
	db.read.Store(&version)
	return true
}

// readHistory reads which migrations have run, as a query that reads does.
func (db *database) readHistory(ctx context.Context) (history, error) {
	c, err := db.lendToRead(ctx, nil)
	if err != nil {
		return history{}, err
	}
	defer c.leave()
	defer c.conn.Unwatch()
	if err := c.enter(); err != nil {
		return history{}, err
	}
	return db.address.def.set.ReadMark(c.conn)
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
	db.closed.Store(true)
	db.dir.ledger.add(db.address.tenant, db.counters.take())
	db.writing <- struct{}{} // for good: the keeper may have it, and finish
	errs = append(errs, db.closeReaders())
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
