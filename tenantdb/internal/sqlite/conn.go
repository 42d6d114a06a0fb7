package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Conn is one connection to one database. It may be used by one goroutine at a
// time; nothing here locks.
type Conn struct {
	tls    *libc.TLS
	db     uintptr // sqlite3*
	id     uintptr // its number for callbacks
	path   string
	policy Policy

	foreignKeys ForeignKeys
	waits       func(path string, waited time.Duration) // see Config

	schemas *Schemas // where to leave parsed
	parsed  *parsed  // its schema, if that may be left to another connection

	trusted bool               // SQL of our own is under way: the authorizer allows it
	catalog bool               // statements of the catalog are: see ServeCatalog
	denied  string             // what the authorizer refused last
	stmts   map[cacheKey]*Stmt // prepared by Cached
	byID    []*Stmt            // prepared by Numbered, by their numbers

	controls  [controls]*Stmt // prepared by control
	held      bool            // that of Hold is under way
	overtaken bool            // see Overtaken
	full      bool            // see ForgetFull

	settled  bool    // see Settle
	logPages int     // see LogPages
	header   uintptr // of the wal-index, where it is mapped; see Version
	frames   uintptr // of a log that is written to; see gatherFrames

	use      atomic.Uint32 // odd while a call uses it; see Use
	expelled atomic.Pointer[expulsion]

	// Of the call under way; see Watch.
	ctx       context.Context
	wait      time.Duration
	busySince time.Time     // when it first met a lock
	told      time.Duration // how long it had waited when waits was told last
}

// Open opens the database file at path as cfg says. The path is taken as it is:
// no part of it is read as a URI or as parameters. Only with [Create] may the
// file be missing. A file that is a symbolic link is refused.
//
// The context and wait bound how long Open waits for locks of other processes. If the
// file loses its name meanwhile the error is [ErrMoved].
func Open(ctx context.Context, path string, wait time.Duration, cfg Config) (*Conn, error) {
	c, err := open(ctx, path, wait, cfg, cfg.Schemas.take())
	if errors.Is(err, errOtherSchema) {
		c, err = open(ctx, path, wait, cfg, nil)
	}
	return c, err
}

// open is Open with a schema to adopt, if it is not nil.
func open(ctx context.Context, path string, wait time.Duration, cfg Config, schema *parsed) (*Conn, error) {
	c := &Conn{tls: libc.NewTLS(), path: path, policy: cfg.Policy, foreignKeys: cfg.ForeignKeys, waits: cfg.Waits, schemas: cfg.Schemas, stmts: make(map[cacheKey]*Stmt)}
	c.register()
	c.Watch(ctx, wait)
	defer c.Unwatch()
	err := c.open(cfg.flags())
	switch {
	case err != nil:
		c.schemas.putBack(schema)
	case schema != nil:
		c.adopt(schema)
	}
	if err == nil && cfg.Mode != Create && cfg.Mode != InMemory {
		err = c.claim()
	}
	if err == nil {
		err = c.setUp(cfg)
	}
	if err != nil {
		// The error of the opening is the one to tell.
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Conn) open(flags int32) error {
	path := ":memory:"
	if flags&sqlite3.SQLITE_OPEN_MEMORY == 0 {
		if c.path == "" || strings.ContainsRune(c.path, 0) {
			return fmt.Errorf("sqlite: %q is no path of a file", c.path)
		}
		var err error
		// A relative name such as :memory: means something else to SQLite.
		if path, err = filepath.Abs(c.path); err != nil {
			return fmt.Errorf("sqlite: %w", err)
		}
	}
	name, err := libc.CString(path)
	if err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	defer free(c.tls, name)
	out := alloc(c.tls, 8)
	if out == 0 {
		return errors.New("sqlite: out of memory")
	}
	defer free(c.tls, out)
	// sqlite3_open_v2 hands out a handle even when it fails, for the message and
	// to be closed (https://www.sqlite.org/c3ref/open.html).
	rc := sqlite3.Xsqlite3_open_v2(c.tls, name, out, flags, 0)
	c.db = readPointer(out)
	if rc != sqlite3.SQLITE_OK {
		if c.db == 0 {
			return &Error{Code: int(rc), Message: "out of memory", Offset: -1}
		}
		return c.fail(rc, "")
	}
	if err := c.boundLookaside(); err != nil {
		return err
	}
	return nil
}

// Close finalizes the statements and closes the connection. A transaction that
// is open is rolled back. Close may be called twice.
func (c *Conn) Close() error {
	if c.tls == nil {
		return nil
	}
	c.closeStatements()
	var err error
	if c.db != 0 {
		// close, not close_v2: a statement left open is a bug to be heard of,
		// not to be put off (https://www.sqlite.org/c3ref/close.html).
		left, rc := c.closeKeeping()
		if rc != sqlite3.SQLITE_OK {
			err = c.fail(rc, "")
			sqlite3.Xsqlite3_close_v2(c.tls, c.db)
		}
		c.db = 0
		if left != nil {
			c.schemas.keep(c.tls, left)
		}
	}
	if err == nil {
		free(c.tls, c.frames) // no file has it any more
	}
	c.frames = 0
	c.unregister()
	c.tls.Close()
	c.tls = nil
	return err
}

// Watch makes the statements that follow stop when ctx ends, and wait for locks
// of other processes until then or until they have waited for wait in all. It lasts
// until Unwatch. A statement notices the end of its context within some
// thousand instructions of SQLite's virtual machine.
func (c *Conn) Watch(ctx context.Context, wait time.Duration) {
	c.ctx, c.wait, c.busySince, c.told = ctx, wait, time.Time{}, 0
}

// Unwatch ends Watch: statements are no longer stopped, and locks of other
// processes are not waited for.
func (c *Conn) Unwatch() { c.ctx = nil }

// Exec runs SQL of the runtime's own, which the policy is not asked about, and
// passes over the rows.
func (c *Conn) Exec(sql string) error { return c.Query(sql, func(*Stmt) {}) }

// QueryRow runs SQL of the runtime's own and calls scan on its first row, if
// there is one; found tells.
func (c *Conn) QueryRow(sql string, scan func(*Stmt)) (found bool, err error) {
	err = c.Query(sql, func(s *Stmt) {
		if !found {
			scan(s)
		}
		found = true
	})
	return found, err
}

// Query runs SQL of the runtime's own and calls scan on each row.
func (c *Conn) Query(sql string, scan func(*Stmt)) error {
	return c.Trusted(func() error {
		s, err := c.Cached(sql)
		if err != nil {
			return err
		}
		defer s.Reset()
		for {
			row, err := s.Step()
			if err != nil || !row {
				return err
			}
			scan(s)
		}
	})
}

// Trusted runs f with the policy not asked; f must not run anyone else's SQL.
func (c *Conn) Trusted(f func() error) error {
	was := c.trusted
	c.trusted = true
	defer func() { c.trusted = was }()
	return f()
}

// Changes returns how many rows the last INSERT, UPDATE or DELETE changed
// (https://www.sqlite.org/c3ref/changes.html).
func (c *Conn) Changes() int64 { return sqlite3.Xsqlite3_changes64(c.tls, c.db) }

// SwapLastInsertRowID sets what last_insert_rowid() returns, and returns what it was:
// the rowid of the last row that was inserted into a table that has rowids, however
// long ago. Only one that was set beforehand shows that a statement inserted nothing
// (https://www.sqlite.org/c3ref/set_last_insert_rowid.html).
func (c *Conn) SwapLastInsertRowID(id int64) (was int64) {
	was = sqlite3.Xsqlite3_last_insert_rowid(c.tls, c.db)
	sqlite3.Xsqlite3_set_last_insert_rowid(c.tls, c.db, id)
	return was
}

// ServeCatalog has the statements that follow be the catalog's, on a connection of the
// policy [Queries]: they are held to [CatalogQueries]. It lasts until ServeApplication.
// Statements are kept apart by their numbers, so that no other runs one of them.
func (c *Conn) ServeCatalog() { c.catalog = true }

// ServeApplication ends ServeCatalog; where there was none it does nothing.
func (c *Conn) ServeApplication() { c.catalog = false }

// SetPolicy changes the policy. Statements that were cached under the old one are
// prepared again when they are next asked for; others the caller has closed.
func (c *Conn) SetPolicy(p Policy) error {
	c.closeStatements()
	c.policy = p
	return c.harden()
}

// closeStatements finalizes what is kept prepared.
func (c *Conn) closeStatements() {
	for _, s := range c.stmts {
		s.Close()
	}
	for _, s := range slices.Concat(c.byID, c.controls[:]) {
		if s != nil {
			s.Close()
		}
	}
	clear(c.stmts)
	c.byID, c.controls, c.held = nil, [controls]*Stmt{}, false
}

// Moved reports whether the file that the connection has open is no longer the one of
// its name: it was removed, renamed or replaced
// (https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html#sqlitefcntlhasmoved).
// Where the system cannot tell, as on Windows, which does not let open files be
// removed, it is false.
func (c *Conn) Moved() bool {
	out := alloc(c.tls, 4)
	if out == 0 {
		return false
	}
	defer free(c.tls, out)
	moved := (*int32)(pointer(out))
	*moved = 0
	rc := sqlite3.Xsqlite3_file_control(c.tls, c.db, 0, sqlite3.SQLITE_FCNTL_HAS_MOVED, out)
	return rc == sqlite3.SQLITE_OK && *moved != 0
}
