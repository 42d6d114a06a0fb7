package sqlite

import sqlite3 "modernc.org/sqlite/lib"

// Transactions are begun and ended here and nowhere else, by statements that a
// connection keeps prepared (https://www.sqlite.org/lang_transaction.html).

// control is a statement that begins or ends a transaction.
type control int

const (
	beginRead control = iota
	beginWrite
	commit
	rollback
	hold
	controls // how many there are
)

var controlSQL = [controls]string{"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SELECT 1 FROM sqlite_schema"}

// BeginRead begins a transaction that reads. Its snapshot is that of the first
// statement which runs in it.
func (c *Conn) BeginRead() error { return c.run(beginRead) }

// BeginWrite begins a transaction that writes, and takes SQLite's write lock now: a
// transaction that finds half way that another holds it could only give up.
func (c *Conn) BeginWrite() error {
	if c.held {
		// That the snapshot which is held is not the present one any more, SQLite says at
		// once; and that another process has the lock, without asking the busy handler.
		if err := c.run(beginWrite); err == nil {
			return nil
		}
		c.EndHold()
		c.overtaken = true
	}
	return c.run(beginWrite)
}

// EndRead ends a transaction that only read.
func (c *Conn) EndRead() error { return c.run(commit) }

// Commit ends a transaction and keeps what it wrote.
func (c *Conn) Commit() error { return c.commitGathered() }

// Rollback ends a transaction and undoes what it wrote.
func (c *Conn) Rollback() error { return c.run(rollback) }

func (c *Conn) run(k control) error {
	s, err := c.control(k)
	if err != nil {
		return err
	}
	_, err = c.stepTrusted(s)
	s.Reset()
	return err
}

// stepTrusted steps a statement of the runtime's own, which SQLite may prepare again.
func (c *Conn) stepTrusted(s *Stmt) (row bool, err error) {
	was := c.trusted
	c.trusted = true
	row, err = s.Step()
	c.trusted = was
	return row, err
}

func (c *Conn) control(k control) (s *Stmt, err error) {
	if s = c.controls[k]; s != nil {
		return s, nil
	}
	err = c.Trusted(func() (err error) {
		s, err = c.Prepare(controlSQL[k], sqlite3.SQLITE_PREPARE_PERSISTENT)
		return err
	})
	c.controls[k] = s
	return s, err
}

// Hold keeps the snapshot of a transaction that writes over its end, for the next one to
// write to if nobody else has committed in between: of the six locks of the file that a
// transaction takes and gives back, the snapshot's are four. It does so by a query that is
// not run to its end: a transaction that reads lasts as long as one is under way
// (https://www.sqlite.org/lang_transaction.html). Until EndHold, or until BeginWrite finds
// the snapshot to be old, what is read outside of transactions is read from it, and the
// log is not begun anew. Without memory nothing is held.
func (c *Conn) Hold() {
	if c.held {
		return
	}
	s, err := c.control(hold)
	if err != nil {
		return
	}
	if c.held, err = c.stepTrusted(s); !c.held || err != nil {
		s.Reset()
		c.held = false
	}
}

// Overtaken reports, once, that somebody else has written since the snapshot that was held.
func (c *Conn) Overtaken() (was bool) {
	was, c.overtaken = c.overtaken, false
	return was
}

// Held reports whether a snapshot is held.
func (c *Conn) Held() bool { return c.held }

// EndHold ends Hold.
func (c *Conn) EndHold() {
	if c.held {
		c.held = false
		c.controls[hold].Reset()
	}
}

// InTransaction reports whether a transaction is open. SQLite ends one by itself
// after some errors (https://www.sqlite.org/c3ref/get_autocommit.html).
func (c *Conn) InTransaction() bool {
	return sqlite3.Xsqlite3_get_autocommit(c.tls, c.db) == 0
}

// HasSnapshot reports whether the transaction has read something, and so has its
// snapshot (https://www.sqlite.org/c3ref/txn_state.html).
func (c *Conn) HasSnapshot() bool {
	return sqlite3.Xsqlite3_txn_state(c.tls, c.db, 0) != sqlite3.SQLITE_TXN_NONE
}

// TakeSnapshot gives the transaction its snapshot now.
func (c *Conn) TakeSnapshot() error {
	_, err := c.QueryRow("SELECT 1 FROM sqlite_schema LIMIT 1", func(*Stmt) {})
	return err
}
