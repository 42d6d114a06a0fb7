package tenantdb

import (
	"io/fs"
	"syscall"
	"time"
)

// changeOf returns which file it is and when the system last changed anything of it, which
// nobody can set.
func changeOf(info fs.FileInfo) (inode uint64, changed time.Time, ok bool) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, time.Time{}, false
	}
	return st.Ino, time.Unix(st.Ctim.Unix()), true
}
