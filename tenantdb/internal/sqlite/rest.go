package sqlite

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// FreePages empties the cache of the database's pages, each of which takes 8 KiB, for libc
// rounds up. In a transaction it does nothing. This is not done by
// sqlite3_db_release_memory: with SQLITE_ENABLE_MEMORY_MANAGEMENT, which modernc's build
// has, that one empties the caches of all connections
// (https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html#sqlitefcntlresetcache).
func (c *Conn) FreePages() error {
	if rc := sqlite3.Xsqlite3_file_control(c.tls, c.db, 0, sqlite3.SQLITE_FCNTL_RESET_CACHE, 0); rc != sqlite3.SQLITE_OK {
		return c.fail(rc, "")
	}
	return nil
}

// Rest gives back the memory that the connection can do without while nobody uses it. What
// would take long to make again it keeps: the schema, and the statements that are prepared.
// A transaction must not be open.
func (c *Conn) Rest() error {
	if err := c.FreePages(); err != nil {
		return err
	}
	for _, s := range c.stmts {
		s.forget()
	}
	for _, s := range c.byID {
		if s != nil {
			s.forget()
		}
	}
	c.renewStack()
	return nil
}

// renewStack replaces what translated C has for a stack. It only grows, by as much as the
// deepest calls need, which are those that parse. Sound, for no call is under way, and
// SQLite remembers of a thread nothing but who holds a mutex.
func (c *Conn) renewStack() {
	c.tls.Close()
	c.tls = libc.NewTLS()
}

// forget unbinds all parameters, and frees what was bound to them
// (https://www.sqlite.org/c3ref/clear_bindings.html). No run of the statement is under way.
func (s *Stmt) forget() {
	if len(s.bufs) == 0 {
		return
	}
	sqlite3.Xsqlite3_clear_bindings(s.c.tls, s.p)
	for i := range s.bufs {
		free(s.c.tls, s.bufs[i].p)
		s.bufs[i] = buffer{}
	}
}
