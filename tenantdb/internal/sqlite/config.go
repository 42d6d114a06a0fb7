package sqlite

import (
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// Config says how a connection is opened. The zero Config opens an existing file
// to read and write, with foreign keys enforced and commits that survive the
// process's end.
type Config struct {
	Mode        Mode
	Policy      Policy
	Synchronous Synchronous
	ForeignKeys ForeignKeys

	// Schemas, if not nil, are of files that mostly have one schema: what SQLite makes of
	// that is left there when a connection is closed, and taken when one is opened. The
	// connections are of the policy Queries.
	Schemas *Schemas

	// Waits, if not nil, is told of a call that waits for a lock of somebody else: when it has for
	// WaitsAfter, and again whenever it has waited twice as long. It must not use the connection.
	Waits func(path string, waited time.Duration)
}

// WaitsAfter is how long a call waits before Config.Waits is told.
const WaitsAfter = 2 * time.Second

// Mode says what may be done with the file.
type Mode int

const (
	ReadWrite Mode = iota // the file must exist
	ReadOnly              // the file must exist; writing statements fail
	Create                // the file is created if it does not exist, to be built and closed
	InMemory              // no file: a database of this connection alone
	Exclusive             // the file must exist; once read, it is locked until Close
)

// Synchronous says when a commit is on the disk
// (https://www.sqlite.org/pragma.html#pragma_synchronous).
type Synchronous int

const (
	Normal Synchronous = iota // at the next checkpoint: power loss may undo the last commits
	Full                      // before it is acknowledged
)

// ForeignKeys says whether a connection enforces foreign keys.
type ForeignKeys int

const (
	Enforced ForeignKeys = iota
	// NotEnforced is for migrations: with enforcement on, dropping a parent
	// table during its rebuild deletes the cascading children
	// (https://www.sqlite.org/lang_altertable.html#otheralter).
	NotEnforced
)

func (cfg Config) flags() int32 {
	// Connections are confined to one goroutine at a time by their owners, so
	// SQLite need not lock them. Links are refused, so that a name inside the
	// data folder is a file inside the data folder.
	flags := int32(sqlite3.SQLITE_OPEN_NOMUTEX | sqlite3.SQLITE_OPEN_EXRESCODE | sqlite3.SQLITE_OPEN_READWRITE)
	switch cfg.Mode {
	case Create:
		flags |= sqlite3.SQLITE_OPEN_CREATE | sqlite3.SQLITE_OPEN_NOFOLLOW
	case InMemory:
		flags |= sqlite3.SQLITE_OPEN_CREATE | sqlite3.SQLITE_OPEN_MEMORY
	default:
		flags |= sqlite3.SQLITE_OPEN_NOFOLLOW
	}
	return flags
}

// pragmas returns what is run, in order, once the connection is open, as one text. Each
// one is there for a reason in docs/architecture.md.
func (cfg Config) pragmas() string {
	first, journal, last := "", "", ""
	switch cfg.Mode {
	case Exclusive:
		// Before anything that reads the file.
		first = "PRAGMA locking_mode=exclusive;"
	case Create:
		// A file under construction needs no crash recovery, and no log that would
		// be moved into it only when it is closed, where an error goes unheard.
		journal = "PRAGMA journal_mode=memory;"
	case ReadOnly:
		last = "PRAGMA query_only=on;"
	}
	synchronous := "PRAGMA synchronous=normal;"
	if cfg.Synchronous == Full {
		synchronous = "PRAGMA synchronous=full;"
	}
	return first + "PRAGMA temp_store=memory;PRAGMA cell_size_check=on;PRAGMA cache_size=-512;" + // KiB
		journal + "PRAGMA journal_size_limit=4194304;" + synchronous + last
}

// keepsLog reports whether the file's log and its index stay beside it when the last
// connection is closed, emptied. Taking them away and making them again costs more than
// all else of opening a file. Whoever has the file for itself is about to remove it.
func (cfg Config) keepsLog() bool { return cfg.Mode == ReadWrite || cfg.Mode == ReadOnly }
