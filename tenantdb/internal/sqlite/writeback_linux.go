package sqlite

import (
	"unsafe"

	"golang.org/x/sys/unix"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// startWriteback has the kernel begin to write part of a file, and does not wait until it
// is written (https://man7.org/linux/man-pages/man2/sync_file_range.2.html). Where a file
// system cannot, it is left to the sync, and so is what goes wrong in writing.
func startWriteback(descriptor int32, from, n int64) {
	_ = unix.SyncFileRange(int(descriptor), from, n, unix.SYNC_FILE_RANGE_WRITE)
}

// descriptorOf returns the descriptor of a file of the connection's, if it is one of SQLite's
// own VFS for unix, whose structure is known. A VFS that stands before that one has at
// least its room for a file, and has it fill in the same.
func (c *Conn) descriptorOf(file uintptr) int32 {
	name, err := libc.CString("unix")
	if err != nil {
		return noDescriptor
	}
	defer libc.Xfree(c.tls, name)
	system := sqlite3.Xsqlite3_vfs_find(c.tls, name)
	out := alloc(c.tls, 8)
	if system == 0 || out == 0 {
		return noDescriptor
	}
	defer free(c.tls, out)
	if sqlite3.Xsqlite3_file_control(c.tls, c.db, 0, sqlite3.SQLITE_FCNTL_VFS_POINTER, out) != sqlite3.SQLITE_OK {
		return noDescriptor
	}
	own := readPointer(out)
	if own == 0 || (*sqlite3.Tsqlite3_vfs)(pointer(own)).FszOsFile < int32(unsafe.Sizeof(sqlite3.TunixFile{})) {
		return noDescriptor
	}
	if f := (*sqlite3.TunixFile)(pointer(file)); f.FpVfs == system {
		return f.Fh
	}
	return noDescriptor
}
