package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/silokit/silo/tenantdb/internal/slots"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
	"github.com/silokit/silo/tenantdb/query"
)

// Readers are opened as they are needed, up to maxReaders. One that is idle may keep its
// transaction open, and with it the snapshot that it reads: the next call reads from
// that if nothing was committed since. So most reads take no lock of the file at all.
// What makes that sound is in [sqlite.Conn.Version]; when it is ended, in warm.go.

// snapshot is what a reader knows of its transaction.
type snapshot struct {
	seen sqlite.Version // the version that was the present one before the last call read
	open bool           // the transaction is open, and its snapshot is of seen or later
	more bool           // seen was read more than once
	used uint32         // the warm-keeper's tick at which it was last used
}

// guestReads is how many reads in the time between two looks of the keeper the writer's
// connection serves before a reader is opened. A reader takes half as much memory again,
// and to open it and prepare its statements as long as it saves in about so many reads.
const guestReads = 64

// coldReads is how many of these leave no pages in the connection's cache. The next few
// calls of a tenant that is asked for little seldom want the same pages, and read them from
// the system's cache in about a microsecond each; while they are kept, each takes 8 KiB.
const coldReads = 16

// guestSteps is after how many of SQLite's instructions a guest looks whether somebody
// wants to write: some of them, as functions of large values, take milliseconds.
const guestSteps = 200

// lendToRead lends a connection to one query that reads: the writer's, while that is free
// and there is no reader yet, else a reader.
func (db *database) lendToRead(ctx context.Context, st *query.Statement) (*connection, error) {
	if db.takesGuest() {
		select {
		case db.writing <- struct{}{}:
			now := db.dir.clock()
			db.holder.begin(now, st)
			db.guest.began = now     // looked at anyway
			db.writer.conn.EndHold() // a guest reads the present version
			db.guest.conn.LookEvery(guestSteps)
			db.guest.conn.Use()
			// Who waits to write counts itself before it looks for a guest, and the guest
			// shows itself before it looks for who waits: one of the two sees the other.
			// And after a rollback that failed, the connection would show what was undone.
			if db.wanted.Load() == 0 && !db.guest.conn.InTransaction() {
				db.guest.conn.Watch(ctx, db.dir.options.Wait)
				return &db.guest, nil
			}
			db.guest.conn.EndUse()
			db.returnWriter()
		default:
		}
	}
	return db.lendReader(ctx)
}

// takesGuest reports whether one more read may be served by the writer's connection.
func (db *database) takesGuest() bool {
	if db.pastGuests.Load() {
		return false
	}
	if now := db.dir.warm.tick.Load(); db.guestTick.Load() != now {
		db.guestTick.Store(now)
		db.guestReads.Store(0)
	}
	return db.guestReads.Add(1) <= db.dir.guestReads
}

// turnGuestOut has a query that reads on the writer's connection begin anew on a reader,
// if one does and runs for more than some thousand instructions: somebody wants to write.
func (db *database) turnGuestOut() {
	if use, ok := db.guest.conn.InUse(); ok {
		db.pastGuests.Store(true)
		db.guest.conn.Expel(use, sqlite.ErrYield)
	}
}

// lendReader waits for a reader, opening one if there are fewer than may be.
func (db *database) lendReader(ctx context.Context) (*connection, error) {
	wait := db.dir.options.Wait
	place, filled, err := db.readers.Take(ctx, wait)
	switch {
	case errors.Is(err, slots.ErrWaited):
		return nil, fmt.Errorf("%w, waited %v", ErrReadersBusy, wait)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrReadersBusy, sqlite.Ended(ctx))
	}
	c := &db.reading[place]
	if !filled {
		conn, err := db.openReader(ctx)
		if err != nil {
			db.readers.Empty(place)
			return nil, db.noteBroken(err)
		}
		c.db, c.conn, c.place = db, conn, place
		c.opened.Store(true)
		db.pastGuests.Store(true)
	}
	c.began = db.dir.beginCall()
	c.conn.Use()
	c.conn.Watch(ctx, wait)
	return c, nil
}

// openReader opens another connection to the very file that is open. The name may have
// come to be another file's since.
func (db *database) openReader(ctx context.Context) (*sqlite.Conn, error) {
	conn, err := db.dir.connect(ctx, db.path, db.dir.options.Wait, sqlite.Config{Mode: sqlite.ReadOnly, Schemas: db.dir.schemasOf(db.address.def)})
	if err != nil {
		return nil, err
	}
	if !db.inPlace() || conn.Moved() {
		db.broken.Store(true)
		return nil, errors.Join(ErrTenantGone, db.dir.disconnect(conn))
	}
	return conn, nil
}

// enter makes a reader read the present version of the database. A transaction is begun
// where the call before read the same one. After a commit the first call goes without,
// unless the version before was read more than once: it may be the last that reads this one.
func (c *connection) enter() error {
	if c.guest {
		return nil // it reads the present version, in a transaction of its statement alone
	}
	now := c.conn.Version()
	known := now != sqlite.Version{}
	if now == c.snapshot.seen && known {
		c.snapshot.more = true
		if c.snapshot.open {
			return nil
		}
		return c.beginRead()
	}
	err, begin := c.endRead(), c.snapshot.more && known
	c.snapshot.seen, c.snapshot.more = now, false
	if err != nil || !begin {
		return err
	}
	return c.beginRead()
}

// enterSnapshot makes a reader read one version of the database until the call ends: the
// present one.
func (c *connection) enterSnapshot() error {
	now := c.conn.Version()
	if !c.snapshot.open || now != c.snapshot.seen || now == (sqlite.Version{}) {
		if err := c.endRead(); err != nil {
			return err
		}
		c.snapshot.seen = now
		if err := c.beginRead(); err != nil {
			return err
		}
	}
	if c.conn.HasSnapshot() {
		return nil
	}
	return c.conn.TakeSnapshot()
}

func (c *connection) beginRead() error {
	err := c.conn.BeginRead()
	c.snapshot.open = err == nil
	return err
}

// endRead ends the transaction of a reader, if one is open.
func (c *connection) endRead() error {
	if !c.snapshot.open {
		return nil
	}
	c.snapshot.open = false
	if !c.conn.InTransaction() {
		return nil // an error has ended it
	}
	return c.conn.EndRead()
}

// leave ends a call on a reader, whose transaction may stay open.
func (c *connection) leave() {
	if c.guest {
		c.conn.LookEvery(0)
		if c.db.guestReads.Load() <= coldReads {
			_ = c.conn.FreePages() // what fails here fails in the next call too
		}
		c.conn.EndUse()
		c.db.returnWriter()
		return
	}
	first := c.snapshot.seen == sqlite.Version{}
	// An error may have ended the transaction already, and the next call must not take it for open.
	if first || c.conn.Expelled() != nil || !c.conn.InTransaction() {
		_ = c.endRead() // what fails here fails in the next call too
	}
	if first {
		c.conn.Settle() // from now on the version is known
	}
	if c.snapshot.open {
		c.snapshot.used = c.db.dir.warm.tick.Load()
	}
	c.conn.EndUse()
	db := c.db
	db.readers.Give(c.place)
	db.noteUse()
}

// use returns the number of the call that has a reader, if one has. The writer asks.
func (c *connection) use() (use uint32, ok bool) {
	if !c.opened.Load() {
		return 0, false
	}
	return c.conn.InUse()
}

// expel ends the call of that number: its statement, if one runs, and its snapshot.
func (c *connection) expel(use uint32) {
	c.conn.Expel(use, ErrSnapshotTooOld)
	if t := c.call.Load(); t != nil {
		t.expelBetween(use)
	}
}

// endIdle ends the transactions of readers, and what the writer holds, that are idle and
// were not used since the tick. It reports whether any are left open.
func (db *database) endIdle(since uint32) (left bool) {
	left = db.endIdleHold(since)
	for place := range db.reading {
		if !db.readers.TakeIf(place) {
			continue // in use, and looked at again when it is given back
		}
		c := &db.reading[place]
		if c.snapshot.open && int32(c.snapshot.used-since) < 0 {
			if err := c.endRead(); err != nil {
				_ = db.noteBroken(err) // the call that is next will say it
			}
		}
		left = left || c.snapshot.open
		db.readers.Give(place)
	}
	return left
}

// closeReaders closes them, for good. Nobody has a lease of the database, and the
// warm-keeper only looks at readers that are free.
func (db *database) closeReaders() error {
	var errs []error
	for range db.reading {
		place, filled, err := db.readers.Take(context.Background(), time.Hour)
		if err == nil && filled {
			err = db.dir.disconnect(db.reading[place].conn)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
