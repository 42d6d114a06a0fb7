package sqlite

import sqlite3 "modernc.org/sqlite/lib"

// Vacuum writes the database anew, without free pages and without what was removed or changed
// in those that are used (https://www.sqlite.org/lang_vacuum.html). In WAL mode the new pages
// are in the log until [Conn.TruncateLog]. It waits for whoever writes, and nobody writes while it
// runs. SQLite builds the new one in memory.
func (c *Conn) Vacuum() error {
	// It attaches what it builds; nothing else is run on the connection meanwhile.
	sqlite3.Xsqlite3_limit(c.tls, c.db, sqlite3.SQLITE_LIMIT_ATTACHED, 1)
	defer sqlite3.Xsqlite3_limit(c.tls, c.db, sqlite3.SQLITE_LIMIT_ATTACHED, 0)
	_, err := c.Once("VACUUM", func(*Stmt) {})
	return err
}

// TruncateLog copies all of the log into the database, and cuts it to nothing, so that
// no earlier version of a page is in either
// (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint). It waits for those that read or write;
// if they do not end in time it is [ErrBusy].
func (c *Conn) TruncateLog() error {
	busy := false
	_, err := c.Once("PRAGMA wal_checkpoint(truncate)", func(row *Stmt) { busy = row.ColumnInt(0) != 0 })
	if err == nil && busy {
		err = ErrBusy
	}
	return err
}
