package sqlite

import (
	"encoding/binary"
	"errors"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite writes each page of a commit into the log by two calls of the system: one for the
// 24 bytes before it, one for the page. Here the frames of a commit are put together and
// written by one, for a call takes longer than the copying. Bytes, places and order in
// the file stay the same; so does what a process leaves that is killed in between: the
// checksums of the frames show where a commit breaks off
// (https://www.sqlite.org/walformat.html#the_wal_file_format).
//
// Nothing may be held back beyond the end of a commit, when another process may write
// there. So frames are gathered from the beginning of COMMIT to the frame that says of
// itself that it is the commit's last one, which SQLite writes before it tells anybody of
// the commit. What is written earlier, when the cache is full, and what is written again
// goes its own way. Nor may SQLite miss what it has written: a full-text table writes its
// index in COMMIT, and pages of that may leave the cache and be read again from the log.
// Whatever else it does with the file is done after what was gathered is written.

// frameHeader is the size of what precedes a page in the log.
const frameHeader = 24

// gatherSize is how many bytes are gathered: 15 frames of the usual size, and as much as
// the allocator keeps at hand.
const gatherSize = 15 * (frameHeader + 4096)

// frames gathers what is written to a log. It is in C memory, for SQLite's file has the
// address of its first field, and so holds no pointer of Go's.
type frames struct {
	methods sqlite3.Tsqlite3_io_methods // the log's, with ours in them
	system  sqlite3.Tsqlite3_io_methods // the log's own
	file    uintptr                     // the log

	buffer    uintptr // 0 while nothing is gathered
	begin     int64   // where the first gathered byte goes
	n         int32   // how many there are
	gathering int32   // 1 between the beginning of a commit and its last frame
	last      int32   // 1 when the header of the commit's last frame was written
}

// gatherFrames has the log's frames gathered in the commits that follow, for the life of the
// connection. It does so by the methods of the log's file
// (https://www.sqlite.org/c3ref/io_methods.html), as a VFS would that stands before the
// system's, but for this connection alone.
func (c *Conn) gatherFrames() {
	if !verified || c.frames != 0 || c.header == 0 { // where there is no wal-index, that file is no log
		return
	}
	out := alloc(c.tls, 8)
	if out == 0 {
		return
	}
	defer free(c.tls, out)
	if sqlite3.Xsqlite3_file_control(c.tls, c.db, 0, sqlite3.SQLITE_FCNTL_JOURNAL_POINTER, out) != sqlite3.SQLITE_OK {
		return
	}
	p := readPointer(out)
	if p == 0 || (*sqlite3.Tsqlite3_file)(pointer(p)).FpMethods == 0 {
		return
	}
	file := (*sqlite3.Tsqlite3_file)(pointer(p))
	var f frames
	at := alloc(c.tls, int(unsafe.Sizeof(f)))
	if at == 0 {
		return
	}
	f.file, f.system = p, *(*sqlite3.Tsqlite3_io_methods)(pointer(file.FpMethods))
	f.methods = f.system
	f.methods.FxWrite = funcPointer(writeLog)
	f.methods.FxRead = funcPointer(readLog)
	f.methods.FxSync = funcPointer(syncLog)
	f.methods.FxTruncate = funcPointer(truncateLog)
	f.methods.FxFileSize = funcPointer(sizeOfLog)
	*(*frames)(pointer(at)) = f
	file.FpMethods, c.frames = at, at
}

// commitGathered runs COMMIT with its frames gathered.
func (c *Conn) commitGathered() error {
	c.gatherFrames()
	if c.frames == 0 {
		return c.run(commit)
	}
	f := (*frames)(pointer(c.frames)) // which is freed by Close only
	f.gathering = 1
	err := c.run(commit)
	left := f.n > 0
	switch {
	case left && err == nil: // the commit's last frame has not ended the gathering
		err = &Error{Code: sqlite3.SQLITE_IOERR_WRITE, Message: "the log lacks frames of the commit", SQL: controlSQL[commit], Offset: -1}
	case left && c.InTransaction(): // which goes on, and reads them
		if rc := f.flush(c.tls); rc != sqlite3.SQLITE_OK {
			err = errors.Join(err, c.fail(rc, controlSQL[commit]))
		}
	}
	f.discard(c.tls)
	return err
}

// discard ends the gathering and forgets what was gathered.
func (f *frames) discard(tls *libc.TLS) {
	free(tls, f.buffer)
	f.buffer, f.n, f.gathering, f.last = 0, 0, 0, 0
}

// framesOf returns what gathers the log's frames. The log's methods are the first field.
func framesOf(file uintptr) *frames {
	return (*frames)(pointer((*sqlite3.Tsqlite3_file)(pointer(file)).FpMethods))
}

// writeLog is the log's xWrite.
func writeLog(tls *libc.TLS, file, p uintptr, n int32, offset int64) int32 {
	f := framesOf(file)
	if f.gathering == 0 {
		return f.write(tls, p, n, offset)
	}
	if f.n > 0 && (offset != f.begin+int64(f.n) || f.n+n > gatherSize) {
		if rc := f.flush(tls); rc != sqlite3.SQLITE_OK {
			return rc
		}
	}
	header := n == frameHeader
	if header {
		f.last = 0
		// The size of the database, which only a commit's last frame has.
		if binary.BigEndian.Uint32(bytesAt(p+4, 4)) != 0 {
			f.last = 1
		}
	}
	rc := f.gather(tls, p, n, offset)
	if rc == sqlite3.SQLITE_OK && !header && f.last == 1 {
		rc = f.flush(tls)
		f.discard(tls)
	}
	return rc
}

// gather adds n bytes to what is gathered, or writes them where they cannot be: the log's
// header, and a page alone.
func (f *frames) gather(tls *libc.TLS, p uintptr, n int32, offset int64) int32 {
	if f.n == 0 && n != frameHeader || n > gatherSize || !f.room(tls) {
		return f.write(tls, p, n, offset)
	}
	if f.n == 0 {
		f.begin = offset
	}
	copy(bytesAt(f.buffer+uintptr(f.n), int(n)), bytesAt(p, int(n)))
	f.n += n
	return sqlite3.SQLITE_OK
}

// room makes sure that there is a buffer.
func (f *frames) room(tls *libc.TLS) bool {
	if f.buffer == 0 {
		f.buffer = alloc(tls, gatherSize)
	}
	return f.buffer != 0
}

// flush writes what was gathered. If that fails the commit does, and none of it counts.
func (f *frames) flush(tls *libc.TLS) int32 {
	if f.n == 0 {
		return sqlite3.SQLITE_OK
	}
	rc := f.write(tls, f.buffer, f.n, f.begin)
	f.n = 0
	if rc != sqlite3.SQLITE_OK {
		f.discard(tls)
	}
	return rc
}

// The log's own methods. Each is what funcPointer does, backwards, for its type in
// sqlite3_io_methods as translated.

func (f *frames) write(tls *libc.TLS, p uintptr, n int32, offset int64) int32 {
	xWrite := *(*func(tls *libc.TLS, file, p uintptr, n int32, offset int64) int32)(unsafe.Pointer(&f.system.FxWrite))
	return xWrite(tls, f.file, p, n, offset)
}

func readLog(tls *libc.TLS, file, p uintptr, n int32, offset int64) int32 {
	f := framesOf(file)
	if rc := f.flush(tls); rc != sqlite3.SQLITE_OK {
		return rc
	}
	xRead := *(*func(tls *libc.TLS, file, p uintptr, n int32, offset int64) int32)(unsafe.Pointer(&f.system.FxRead))
	return xRead(tls, file, p, n, offset)
}

func syncLog(tls *libc.TLS, file uintptr, flags int32) int32 {
	f := framesOf(file)
	if rc := f.flush(tls); rc != sqlite3.SQLITE_OK {
		return rc
	}
	xSync := *(*func(tls *libc.TLS, file uintptr, flags int32) int32)(unsafe.Pointer(&f.system.FxSync))
	return xSync(tls, file, flags)
}

func truncateLog(tls *libc.TLS, file uintptr, size int64) int32 {
	f := framesOf(file)
	if rc := f.flush(tls); rc != sqlite3.SQLITE_OK {
		return rc
	}
	xTruncate := *(*func(tls *libc.TLS, file uintptr, size int64) int32)(unsafe.Pointer(&f.system.FxTruncate))
	return xTruncate(tls, file, size)
}

func sizeOfLog(tls *libc.TLS, file, size uintptr) int32 {
	f := framesOf(file)
	if rc := f.flush(tls); rc != sqlite3.SQLITE_OK {
		return rc
	}
	xFileSize := *(*func(tls *libc.TLS, file, size uintptr) int32)(unsafe.Pointer(&f.system.FxFileSize))
	return xFileSize(tls, file, size)
}
