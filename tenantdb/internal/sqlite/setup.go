package sqlite

import (
	"errors"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// setUp makes an open connection what cfg says.
func (c *Conn) setUp(cfg Config) error {
	if err := c.harden(); err != nil {
		return err
	}
	if err := c.installCallbacks(); err != nil {
		return err
	}
	if cfg.keepsLog() {
		if err := c.keepLog(); err != nil {
			return err
		}
	}
	if err := c.Trusted(func() error { return c.Script(cfg.pragmas()) }); err != nil || c.schemas == nil {
		return err
	}
	return c.verify(c.schemas)
}

// keepLog has SQLite leave the log where it is when the last connection is closed. It
// moves what is in it into the database as ever, and then cuts the log to nothing,
// because journal_size_limit is set
// (https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html#sqlitefcntlpersistwal).
func (c *Conn) keepLog() error {
	on := alloc(c.tls, 4)
	if on == 0 {
		return errors.New("sqlite: out of memory")
	}
	defer free(c.tls, on)
	*(*int32)(pointer(on)) = 1
	if rc := sqlite3.Xsqlite3_file_control(c.tls, c.db, 0, sqlite3.SQLITE_FCNTL_PERSIST_WAL, on); rc != sqlite3.SQLITE_OK {
		return c.fail(rc, "")
	}
	return nil
}

// harden applies SQLite's advice for files and SQL that are not to be trusted
// (https://www.sqlite.org/security.html), and enforces foreign keys where that is wanted.
// With no database allowed to be attached, ATTACH and VACUUM INTO fail even if the
// authorizer had a hole.
func (c *Conn) harden() error {
	sqlite3.Xsqlite3_limit(c.tls, c.db, sqlite3.SQLITE_LIMIT_ATTACHED, 0)
	enforced := int32(1)
	if c.foreignKeys == NotEnforced {
		enforced = 0
	}
	for _, setting := range [...]struct{ op, on int32 }{
		{sqlite3.SQLITE_DBCONFIG_DEFENSIVE, 1},
		{sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{sqlite3.SQLITE_DBCONFIG_DQS_DDL, c.policy.quotedStrings()},
		{sqlite3.SQLITE_DBCONFIG_DQS_DML, c.policy.quotedStrings()},
		// Plans do not depend on bound values, so that a LIMIT that changes
		// does not have the statement prepared again.
		{sqlite3.SQLITE_DBCONFIG_ENABLE_QPSG, 1},
		{sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY, enforced},
	} {
		if err := c.setting(setting.op, setting.on); err != nil {
			return err
		}
	}
	return nil
}

// setting makes one of the connection's settings
// (https://www.sqlite.org/c3ref/db_config.html).
func (c *Conn) setting(op, value int32) error {
	const slot = 8 // libc.VaList's bytes for each argument
	args := libc.Xmalloc(c.tls, types.Size_t(2*slot))
	if args == 0 {
		return errors.New("sqlite: out of memory")
	}
	defer free(c.tls, args)
	if rc := sqlite3.Xsqlite3_db_config(c.tls, c.db, op, libc.VaList(args, value, uintptr(0))); rc != sqlite3.SQLITE_OK {
		return c.fail(rc, "")
	}
	return nil
}
