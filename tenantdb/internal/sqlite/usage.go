package sqlite

import sqlite3 "modernc.org/sqlite/lib"

// Usage is what a connection has of SQLite's memory, in bytes as SQLite asked for them:
// libc rounds up to powers of two.
type Usage struct {
	Pages      int // of the database that it has cached
	Schema     int // the schema, parsed
	Statements int // prepared, all of them
	Lookaside  int // pieces of lookaside in use, and not bytes
}

// Usage asks SQLite (https://www.sqlite.org/c3ref/db_status.html).
func (c *Conn) Usage() (u Usage) {
	out := alloc(c.tls, 8) // two int32
	if out == 0 {
		return u
	}
	defer free(c.tls, out)
	for _, of := range [...]struct {
		op int32
		to *int
	}{
		{sqlite3.SQLITE_DBSTATUS_CACHE_USED, &u.Pages},
		{sqlite3.SQLITE_DBSTATUS_SCHEMA_USED, &u.Schema},
		{sqlite3.SQLITE_DBSTATUS_STMT_USED, &u.Statements},
		{sqlite3.SQLITE_DBSTATUS_LOOKASIDE_USED, &u.Lookaside},
	} {
		if sqlite3.Xsqlite3_db_status(c.tls, c.db, of.op, out, out+4, 0) == sqlite3.SQLITE_OK {
			*of.to = int(*(*int32)(pointer(out)))
		}
	}
	return u
}
