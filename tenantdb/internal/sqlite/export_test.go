package sqlite

import (
	"context"
	"errors"
	"testing"
	"time"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// DropLog has SQLite remove the log at the end, as it does by default.
func (c *Conn) DropLog(t testing.TB) {
	t.Helper()
	off := alloc(c.tls, 4)
	defer free(c.tls, off)
	*(*int32)(pointer(off)) = 0
	if rc := sqlite3.Xsqlite3_file_control(c.tls, c.db, 0, sqlite3.SQLITE_FCNTL_PERSIST_WAL, off); rc != sqlite3.SQLITE_OK {
		t.Fatal(c.fail(rc, ""))
	}
}

// DoNotGather has commits written as SQLite does.
func (c *Conn) DoNotGather() { c.header = 0 }

// Kept returns how many schemas are kept that no connection has.
func (s *Schemas) Kept() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.free)
}

// Adopted reports whether the connection has the schema that another one left.
func (c *Conn) Adopted() bool { return c.parsed != nil && c.parsed.left > 0 }

// Legacy has a new file made in the format of old, in which DESC of an index is passed over.
func (c *Conn) Legacy() error { return c.setting(sqlite3.SQLITE_DBCONFIG_LEGACY_FILE_FORMAT, 1) }

// Verified is verified.
const Verified = verified

// ClaimAfter opens a connection as Open does, calls meanwhile before the connection claims
// its file, and closes it.
func ClaimAfter(ctx context.Context, path string, wait time.Duration, meanwhile func()) error {
	c := &Conn{tls: libc.NewTLS(), path: path}
	c.register()
	c.Watch(ctx, wait)
	err := c.open(Config{}.flags())
	if err == nil {
		meanwhile()
		err = c.claim()
	}
	return errors.Join(err, c.Close())
}
