package sqlitefault

import (
	"sync"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// watched is a file whose methods are ours.
type watched struct {
	own  *sqlite3.Tsqlite3_io_methods // the system's
	kind File
	plan *Plan
}

var (
	files sync.Map // uintptr, a sqlite3_file* → watched

	// tables are copies of the system's tables of methods with ours in them, by the
	// addresses of the originals. There are as many as the system has kinds of files.
	tables   = map[uintptr]uintptr{}
	tablesMu sync.Mutex
)

// watch gives an open file our methods (https://www.sqlite.org/c3ref/io_methods.html).
func watch(tls *libc.TLS, file uintptr, kind File, plan *Plan) {
	f := at[sqlite3.Tsqlite3_file](file)
	own := f.FpMethods
	tablesMu.Lock()
	defer tablesMu.Unlock()
	table := tables[own]
	if table == 0 {
		if table = copyOf[sqlite3.Tsqlite3_io_methods](tls, own); table == 0 {
			return
		}
		m := at[sqlite3.Tsqlite3_io_methods](table)
		m.FxClose, m.FxRead, m.FxWrite = function(closeFile), function(read), function(write)
		m.FxSync, m.FxTruncate = function(syncFile), function(truncate)
		tables[own] = table
	}
	files.Store(file, watched{at[sqlite3.Tsqlite3_io_methods](own), kind, plan})
	f.FpMethods = table
}

func watchedAt(file uintptr) watched {
	w, _ := files.Load(file)
	return w.(watched) // its methods are ours, so it is there
}

type (
	transfer = func(tls *libc.TLS, file, buffer uintptr, n int32, offset int64) int32
	sized    = func(tls *libc.TLS, file uintptr, size int64) int32
	flagged  = func(tls *libc.TLS, file uintptr, flags int32) int32
	plain    = func(tls *libc.TLS, file uintptr) int32
)

func closeFile(tls *libc.TLS, file uintptr) int32 {
	w := watchedAt(file)
	files.Delete(file) // before: the memory may be another file's at once
	return called[plain](w.own.FxClose)(tls, file)
}

func read(tls *libc.TLS, file, buffer uintptr, n int32, offset int64) int32 {
	w := watchedAt(file)
	if f, yes := w.plan.fails(w.kind, Read); yes {
		// After a short read SQLite uses the buffer, and wants zeros.
		libc.Xmemset(tls, buffer, 0, libc.Tsize_t(n))
		return f.Code
	}
	return called[transfer](w.own.FxRead)(tls, file, buffer, n, offset)
}

func write(tls *libc.TLS, file, buffer uintptr, n int32, offset int64) int32 {
	w := watchedAt(file)
	f, yes := w.plan.fails(w.kind, Write)
	if yes && !f.Half {
		return f.Code
	}
	if yes {
		n /= 2
	}
	rc := called[transfer](w.own.FxWrite)(tls, file, buffer, n, offset)
	if yes {
		rc = f.Code
	}
	return rc
}

func syncFile(tls *libc.TLS, file uintptr, flags int32) int32 {
	w := watchedAt(file)
	if f, yes := w.plan.fails(w.kind, Sync); yes {
		return f.Code
	}
	return called[flagged](w.own.FxSync)(tls, file, flags)
}

func truncate(tls *libc.TLS, file uintptr, size int64) int32 {
	w := watchedAt(file)
	if f, yes := w.plan.fails(w.kind, Truncate); yes {
		return f.Code
	}
	return called[sized](w.own.FxTruncate)(tls, file, size)
}
