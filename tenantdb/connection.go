package tenantdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Conn returns the connection itself, for the statement layer.
func (c *connection) Conn() *sqlite.Conn { return c.conn }

// End ends the call that the connection was lent to: what it wrote is committed if
// err is nil and undone otherwise; then the connection and the lease go back.
func (c *connection) End(err error) error {
	switch {
	case !c.writes: // what it has open, the next call may read from
	case err == nil:
		err = c.commit()
	default:
		if undoErr := c.undo(); undoErr != nil {
			err = errors.Join(err, undoErr)
		}
	}
	return c.giveBack(err, err)
}

// abandon undoes what the call wrote and gives the connection and the lease back. why is how
// the call ended; it returns an error of its own only.
func (c *connection) abandon(why error) error {
	if !c.writes {
		return c.giveBack(nil, why)
	}
	err := c.undo()
	return c.giveBack(err, errors.Join(why, err))
}

// undo ends the transaction that is open, if there is one: it may have ended by itself.
// A rollback that fails leaves the connection of no use; it is closed, which rolls back.
func (c *connection) undo() error {
	defer c.conn.EndHold() // an error of the file lasts as long as the snapshot in which it was met
	if !c.conn.InTransaction() {
		return nil
	}
	err := c.rollback()
	if err != nil {
		c.db.broken.Store(true)
	}
	return err
}

// commit is the one place where a write is acknowledged. The end of the call's
// context does not stop it once it has begun: a commit interrupted half way is one
// of which nobody knows the outcome.
func (c *connection) commit() error {
	c.conn.Watch(context.Background(), c.db.dir.options.Wait)
	c.hold()
	err := c.conn.Commit()
	if err == nil {
		c.db.keepLogShort()
		return nil
	}
	c.conn.EndHold()
	// A deferred constraint, a lock and a full disk leave nothing in the file. Of
	// an I/O error that cannot be said: the commit record may have reached the
	// log, and count when that is next recovered.
	known := errors.Is(err, ErrConstraint) || errors.Is(err, ErrDiskFull) || errors.Is(err, sqlite.ErrBusy)
	if c.conn.InTransaction() {
		if undoErr := c.undo(); undoErr != nil {
			known, err = false, errors.Join(err, undoErr)
		}
	}
	if !known {
		c.db.dir.unsettled.Store(c.db.address.tenant, struct{}{})
		_ = c.db.settle() // if the disk has failed for good, the next opening tries again
		c.db.broken.Store(true)
		err = fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
	}
	return err
}

// rollback is not stopped by the end of the call's context, which may be why there
// is something to roll back.
func (c *connection) rollback() error {
	c.conn.Unwatch()
	return c.conn.Rollback()
}

// giveBack returns the connection to its database and the lease to the cache. why is how the
// call ended.
func (c *connection) giveBack(err, why error) error {
	db, held := c.db, c.lease
	c.count(why)
	c.conn.Unwatch()
	c.conn.ServeApplication()
	c.lease = lease0
	err = db.fail(db.noteBroken(err))
	if c.writes {
		if c.conn.ForgetFull() != nil {
			db.broken.Store(true)
		}
		db.returnWriter()
	} else {
		c.leave()
	}
	if db.broken.Load() {
		held.Discard()
	} else {
		held.Release()
	}
	return err
}

// fail says of an error which tenant and file it is about.
func (db *database) fail(err error) error { return explain("", db.address.tenant, db.path, err) }
