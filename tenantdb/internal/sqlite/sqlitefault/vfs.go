package sqlitefault

import (
	"errors"
	"sync"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// system is the VFS that was the default one. It and ours are there for as long as the
// process.
var system uintptr

// install makes ours the default VFS, once.
var install = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	system = sqlite3.Xsqlite3_vfs_find(tls, 0)
	name, err := libc.CString("silo-fault")
	if err != nil {
		return err
	}
	ours := copyOf[sqlite3.Tsqlite3_vfs](tls, system)
	if system == 0 || ours == 0 {
		return errors.New("sqlitefault: there is no VFS to stand before")
	}
	vfs := at[sqlite3.Tsqlite3_vfs](ours)
	vfs.FzName, vfs.FpNext, vfs.FxOpen, vfs.FxDelete = name, 0, function(open), function(remove)
	const makeDefault = 1
	if rc := sqlite3.Xsqlite3_vfs_register(tls, ours, makeDefault); rc != sqlite3.SQLITE_OK {
		return errors.New("sqlitefault: SQLite does not take the VFS")
	}
	return nil
})

// open is xOpen (https://www.sqlite.org/c3ref/vfs.html).
func open(tls *libc.TLS, _, name, file uintptr, flags int32, outFlags uintptr) int32 {
	kind, plan := Any, (*Plan)(nil)
	if name != 0 {
		switch {
		case flags&sqlite3.SQLITE_OPEN_MAIN_DB != 0:
			kind = Database
		case flags&sqlite3.SQLITE_OPEN_WAL != 0:
			kind = Log
		case flags&sqlite3.SQLITE_OPEN_MAIN_JOURNAL != 0:
			kind = Journal
		}
	}
	if kind != Any {
		plan = planOf(libc.GoString(name))
	}
	if plan != nil {
		if f, yes := plan.fails(kind, Open); yes {
			at[sqlite3.Tsqlite3_file](file).FpMethods = 0 // so that SQLite does not close it
			return f.Code
		}
	}
	xOpen := called[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](at[sqlite3.Tsqlite3_vfs](system).FxOpen)
	rc := xOpen(tls, system, name, file, flags, outFlags)
	if rc == sqlite3.SQLITE_OK && plan != nil {
		watch(tls, file, kind, plan)
	}
	return rc
}

// remove is xDelete.
func remove(tls *libc.TLS, _, name uintptr, syncFolder int32) int32 {
	if plan := planOf(libc.GoString(name)); plan != nil {
		plan.changes()
	}
	xDelete := called[func(*libc.TLS, uintptr, uintptr, int32) int32](at[sqlite3.Tsqlite3_vfs](system).FxDelete)
	return xDelete(tls, system, name, syncFolder)
}

// at views C memory, which the caller knows to be there and to be a T: it is outside
// Go's heap, and so neither moves nor is freed by the collector.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

// copyOf copies a T into C memory, which is never freed; 0 means that there is none.
func copyOf[T any](tls *libc.TLS, p uintptr) uintptr {
	var t T
	out := libc.Xmalloc(tls, types.Size_t(unsafe.Sizeof(t)))
	if p == 0 || out == 0 {
		return 0
	}
	*at[T](out) = *at[T](p)
	return out
}

// function turns a Go function at top level into what the translated SQLite calls as a C
// function pointer, and called does the reverse: such a pointer is the address of a
// function value, which for them is in read-only data and never moves
// (https://golang.org/s/go11func).
func function[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&struct{ f F }{f})) }

func called[F any](p uintptr) F { return *(*F)(unsafe.Pointer(&struct{ p uintptr }{p})) }
