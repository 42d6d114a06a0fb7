package sqlite

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// WatchLog has [Conn.LogPages] kept for this connection, in the place of the checkpoints
// that SQLite would run by itself after a commit that leaves 1,000 pages in the log: who
// commits runs them, once readers that need not be in the way are out of it
// (https://www.sqlite.org/c3ref/wal_hook.html).
func (c *Conn) WatchLog() {
	sqlite3.Xsqlite3_wal_hook(c.tls, c.db, funcPointer(committedCallback), c.id)
}

// committedCallback is told by SQLite after each commit how many pages the log has.
func committedCallback(_ *libc.TLS, id, _, _ uintptr, pages int32) int32 {
	if c := connOf(id); c != nil {
		c.logPages = int(pages)
	}
	return sqlite3.SQLITE_OK
}

// LogPages returns how many pages the write-ahead log had after this connection's last
// commit.
func (c *Conn) LogPages() int { return c.logPages }

// Checkpoint copies what it can of the log into the database, without waiting for
// anybody (https://www.sqlite.org/c3ref/wal_checkpoint_v2.html, PASSIVE), and returns
// how many pages the log has and how many of them are copied. When that is all, the next
// commit begins the log anew, unless somebody reads from it. It ends [Conn.Hold], which
// would be in its way.
func (c *Conn) Checkpoint() (pages, copied int, err error) {
	c.EndHold()
	out := alloc(c.tls, 8) // two int32
	if out == 0 {
		return 0, 0, &Error{Code: sqlite3.SQLITE_NOMEM, Message: "out of memory", Offset: -1}
	}
	defer free(c.tls, out)
	rc := sqlite3.Xsqlite3_wal_checkpoint_v2(c.tls, c.db, 0, sqlite3.SQLITE_CHECKPOINT_PASSIVE, out, out+4)
	if rc != sqlite3.SQLITE_OK {
		return 0, 0, c.fail(rc, "")
	}
	return int(*(*int32)(pointer(out))), int(*(*int32)(pointer(out + 4))), nil
}
