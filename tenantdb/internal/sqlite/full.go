package sqlite

// When a statement finds the disk full, SQLite may undo the whole transaction at once
// (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction).
// If it was a statement that a full-text table runs for itself, the table goes on after
// that, and keeps what it was about to write: it would write it with the next transaction,
// into an index of rows that are not there.

// ForgetFull is called when a call has ended, and no transaction is open. If one of its
// statements found the disk full, the schema is given up, and virtual tables with it: the
// next statement reads it and connects them anew. It ends [Conn.Hold] then.
func (c *Conn) ForgetFull() error {
	if !c.full {
		return nil
	}
	c.full = false
	c.EndHold()
	_, err := c.Once("PRAGMA writable_schema = RESET", func(*Stmt) {}) // it stays off
	return err
}
