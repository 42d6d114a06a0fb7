package sqlite

import (
	"errors"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite's lookaside saves it calls of malloc (https://www.sqlite.org/malloc.html#lookaside).
// All of it is touched when a connection is opened, so it is as much as fits into 8 KiB
// with what is kept beside it, a sixth of the default: 7 pieces of 640 bytes and 25 of
// 128. That is enough to run all but large statements; without any a read takes 5 % more.
const (
	lookasideSlot  = 640
	lookasideSlots = 12
)

// boundLookaside is called before anything has used it
// (https://www.sqlite.org/c3ref/c_dbconfig_defensive.html#sqlitedbconfiglookaside).
func (c *Conn) boundLookaside() error {
	const slot = 8 // libc.VaList's bytes for each argument
	args := alloc(c.tls, 3*slot)
	if args == 0 {
		return errors.New("sqlite: out of memory")
	}
	defer free(c.tls, args)
	rc := sqlite3.Xsqlite3_db_config(c.tls, c.db, sqlite3.SQLITE_DBCONFIG_LOOKASIDE,
		libc.VaList(args, uintptr(0), int32(lookasideSlot), int32(lookasideSlots)))
	if rc != sqlite3.SQLITE_OK {
		return c.fail(rc, "")
	}
	return nil
}
