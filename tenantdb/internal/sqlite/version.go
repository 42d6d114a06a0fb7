package sqlite

import (
	"encoding/binary"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Version is a copy of the header of the wal-index, the file NAME-shm that all
// connections to a database in WAL mode map
// (https://www.sqlite.org/walformat.html#the_wal_index_header). Every commit changes
// it, for it holds a counter of them, the length of the log and a checksum: as long as
// the version is the same, nothing was committed by any connection of any process.
// The zero Version is of a database of which that is not known.
type Version [48]byte

// walIndexRegion is the size in which SQLite maps the wal-index.
const walIndexRegion = 32 << 10

// Version returns the present version. A transaction that begins to read after this call
// reads that version or a later one; and if the version is the same at a later call, it
// reads what is the present one then. Unlike all else of a Conn it may be called by any
// goroutine until Close.
//
// A commit writes the header twice, the second copy first, without a lock that is looked at
// here. While the copies differ the version is not known, as it is not to SQLite: a process
// that was killed in between has committed, which whoever reads next finds out.
func (c *Conn) Version() Version {
	if c.header == 0 {
		return Version{}
	}
	// Sound without an atomic load: each copy is made once, each word of it is one that was
	// stored, and two that are equal are one header, for the first is written after the
	// second and read before it. The memory is a file's, which is mapped until Close.
	first := *(*Version)(pointer(c.header))
	if first != *(*Version)(pointer(c.header + unsafe.Sizeof(first))) {
		return Version{}
	}
	return first
}

// Settle is called when a first statement has run on the connection, and SQLite has opened
// all its files and read the schema. Version then knows the version, where that is
// possible; and what only the opening needed is given back, as by [Conn.Rest].
func (c *Conn) Settle() {
	if c.header == 0 {
		c.FindVersion()
	}
	c.settled = true
	_ = c.Rest() // what fails here fails in the next statement too
}

// FindVersion has Version know, after a first statement. One that has run has mapped the
// header, for as long as the connection is open. It asks SQLite's file methods for the
// place, as SQLite's own code does (https://www.sqlite.org/c3ref/io_methods.html).
func (c *Conn) FindVersion() {
	out := alloc(c.tls, 8)
	if out == 0 {
		return
	}
	defer free(c.tls, out)
	if sqlite3.Xsqlite3_file_control(c.tls, c.db, 0, sqlite3.SQLITE_FCNTL_FILE_POINTER, out) != sqlite3.SQLITE_OK {
		return
	}
	file := readPointer(out)
	if file == 0 || (*sqlite3.Tsqlite3_file)(pointer(file)).FpMethods == 0 {
		return
	}
	methods := (*sqlite3.Tsqlite3_io_methods)(pointer((*sqlite3.Tsqlite3_file)(pointer(file)).FpMethods))
	if methods.FiVersion < 2 || methods.FxShmMap == 0 { // which have no shared memory
		return
	}
	const extend = 0 // what is not there is not made
	if shmMap(methods.FxShmMap)(c.tls, file, 0, walIndexRegion, extend, out) == sqlite3.SQLITE_OK {
		c.header = readPointer(out)
	}
}

// shmMap is what funcPointer does, backwards: the Go function of a C function pointer,
// which is the address of a function value in read-only data. Its type is that of xShmMap
// in sqlite3_io_methods as translated; of another one the call would be undefined.
func shmMap(p uintptr) func(tls *libc.TLS, file uintptr, region, size, extend int32, out uintptr) int32 {
	return *(*func(*libc.TLS, uintptr, int32, int32, int32, uintptr) int32)(unsafe.Pointer(&struct{ p uintptr }{p}))
}

// LogPages returns how many pages of the version are in the log, copied into the database
// or not: mxFrame of the header. Of none, the database has all.
func (v Version) LogPages() uint32 {
	const mxFrame = 16
	return binary.NativeEndian.Uint32(v[mxFrame:])
}
