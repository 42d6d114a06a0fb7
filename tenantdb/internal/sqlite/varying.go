package sqlite

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// varying are SQLite's functions whose results are not those of their arguments alone:
// they ask the clock (https://www.sqlite.org/lang_datefunc.html) or for random bits
// (https://www.sqlite.org/lang_corefunc.html#random).
var varying = [...]struct {
	name  string
	flags int32
}{
	{"random", 0},
	{"randomblob", 0},
	// SQLite allows these where results must not vary, as in an index, and looks when
	// they are run whether they ask for the time.
	{"date", sqlite3.SQLITE_DETERMINISTIC},
	{"time", sqlite3.SQLITE_DETERMINISTIC},
	{"datetime", sqlite3.SQLITE_DETERMINISTIC},
	{"julianday", sqlite3.SQLITE_DETERMINISTIC},
	{"unixepoch", sqlite3.SQLITE_DETERMINISTIC},
	{"strftime", sqlite3.SQLITE_DETERMINISTIC},
	{"timediff", sqlite3.SQLITE_DETERMINISTIC},
	{"current_date", sqlite3.SQLITE_DETERMINISTIC},
	{"current_time", sqlite3.SQLITE_DETERMINISTIC},
	{"current_timestamp", sqlite3.SQLITE_DETERMINISTIC},
}

// RefuseVarying makes each evaluation of a function that asks for the time or for random
// bits an error, on this connection and for its life: what runs without one comes out the
// same whenever it is run. Naming such a function without running it, as a column's
// default does, is no error.
//
// A function of the application's own with any number of arguments stands before all of
// SQLite's of that name (https://www.sqlite.org/c3ref/create_function.html).
func (c *Conn) RefuseVarying() error {
	for _, f := range varying {
		if err := c.refuse(f.name, f.flags|sqlite3.SQLITE_UTF8|sqlite3.SQLITE_INNOCUOUS); err != nil {
			return err
		}
	}
	return nil
}

func (c *Conn) refuse(name string, flags int32) error {
	text, err := libc.CString(name)
	if err != nil {
		return err
	}
	defer free(c.tls, text)
	if rc := sqlite3.Xsqlite3_create_function_v2(c.tls, c.db, text, -1, flags, 0, funcPointer(refuseCallback), 0, 0, 0); rc != sqlite3.SQLITE_OK {
		return c.fail(rc, "")
	}
	return nil
}

// refuseCallback is run by SQLite in place of the function. The result is an error
// (https://www.sqlite.org/c3ref/result_blob.html).
func refuseCallback(tls *libc.TLS, context uintptr, _ int32, _ uintptr) {
	text, err := libc.CString("it asks for the time or for something random")
	if err != nil {
		sqlite3.Xsqlite3_result_error_nomem(tls, context)
		return
	}
	defer free(tls, text) // SQLite has made a copy
	sqlite3.Xsqlite3_result_error(tls, context, text, -1)
}
