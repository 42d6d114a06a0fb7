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
	controls // how many there are
)

var controlSQL = [controls]string{"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"}

// BeginRead begins a transaction that reads. Its snapshot is that of the first
// statement which runs in it.
func (c *Conn) BeginRead() error { return c.run(beginRead) }

// BeginWrite begins a transaction that writes, and takes SQLite's write lock now: a
// transaction that finds half way that another holds it could only give up.
func (c *Conn) BeginWrite() error { return c.run(beginWrite) }

// Commit ends a transaction and keeps what it wrote.
func (c *Conn) Commit() error { return c.commitGathered() }

// Rollback ends a transaction and undoes what it wrote.
func (c *Conn) Rollback() error { return c.run(rollback) }

func (c *Conn) run(k control) error {
	s := c.controls[k]
	if s == nil {
		err := c.Trusted(func() (err error) {
			s, err = c.Prepare(controlSQL[k], sqlite3.SQLITE_PREPARE_PERSISTENT)
			return err
		})
		if err != nil {
			return err
		}
		c.controls[k] = s
	}
	_, err := s.Step()
	s.Reset()
	return err
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
