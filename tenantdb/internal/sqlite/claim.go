package sqlite

import (
	"context"
	"errors"
	"time"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrMoved is returned by Open when the file lost its name while it was opened: another
// process has removed or replaced it. It is an error of that moment; the name may be of
// another file now.
var ErrMoved = errors.New("the file was removed or replaced while it was opened")

// errNoFile is of a connection that has no file to lock.
var errNoFile = errors.New("sqlite: the connection has no file")

// claim takes SQLite's shared lock on the file before anything of it is read, and then
// looks whether the file still has its name. SQLite finds a log by the database's name,
// not by its file: a connection that was opened before another process gave the name to
// another file would read that one's log into the old one, and empty it. With the lock
// held, nobody can have the file exclusively, which whoever takes its name away needs; and
// a connection in WAL mode keeps the lock until it is closed.
//
// The lock is the one that SQLite takes for the first read, and finds to be there then
// (https://www.sqlite.org/c3ref/io_methods.html).
func (c *Conn) claim() error {
	file, err := c.file()
	if err != nil {
		return err
	}
	if err := c.lock(file, sqlite3.SQLITE_LOCK_SHARED); err != nil {
		return err
	}
	if c.Moved() {
		return ErrMoved
	}
	return nil
}

// Seize opens the file for this connection alone, and reads nothing of it: for a file that
// SQLite cannot read, of which all that can be done is to remove or replace it. The
// connection is good for nothing but Close.
func Seize(ctx context.Context, path string, wait time.Duration) (*Conn, error) {
	c := &Conn{tls: libc.NewTLS(), path: path}
	c.register()
	c.Watch(ctx, wait)
	defer c.Unwatch()
	err := c.open(Config{}.flags())
	if err == nil {
		err = c.seize()
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Conn) seize() error {
	if err := c.claim(); err != nil {
		return err
	}
	file, err := c.file()
	if err != nil {
		return err
	}
	return c.lock(file, sqlite3.SQLITE_LOCK_EXCLUSIVE)
}

// lock takes a lock of the file, waiting as Watch says.
func (c *Conn) lock(file uintptr, level int32) error {
	methods := (*sqlite3.Tsqlite3_io_methods)(pointer((*sqlite3.Tsqlite3_file)(pointer(file)).FpMethods))
	lock := lockMethod(methods.FxLock)
	for tries := int32(0); ; tries++ {
		rc := lock(c.tls, file, level)
		if rc == sqlite3.SQLITE_OK {
			c.busySince, c.told = time.Time{}, 0
			return nil
		}
		if rc&0xff != sqlite3.SQLITE_BUSY || busyCallback(c.tls, c.id, tries) == 0 {
			return c.failOpening(rc)
		}
	}
}

// failOpening is fail for a result that the connection was not told of.
func (c *Conn) failOpening(rc int32) error {
	e := &Error{Code: int(rc), Message: goString(sqlite3.Xsqlite3_errstr(c.tls, rc)), Offset: -1}
	if c.ctx != nil && c.ctx.Err() != nil {
		e.Message, e.cause = "stopped by its context", Ended(c.ctx)
	}
	return e
}

// file returns SQLite's structure of the connection's file.
func (c *Conn) file() (uintptr, error) {
	out := alloc(c.tls, 8)
	if out == 0 {
		return 0, errors.New("sqlite: out of memory")
	}
	defer free(c.tls, out)
	if rc := sqlite3.Xsqlite3_file_control(c.tls, c.db, 0, sqlite3.SQLITE_FCNTL_FILE_POINTER, out); rc != sqlite3.SQLITE_OK {
		return 0, c.fail(rc, "")
	}
	file := readPointer(out)
	if file == 0 || (*sqlite3.Tsqlite3_file)(pointer(file)).FpMethods == 0 {
		return 0, errNoFile
	}
	return file, nil
}

// lockMethod is what shmMap is, for xLock of sqlite3_io_methods.
func lockMethod(p uintptr) func(tls *libc.TLS, file uintptr, level int32) int32 {
	return *(*func(*libc.TLS, uintptr, int32) int32)(unsafe.Pointer(&struct{ p uintptr }{p}))
}
