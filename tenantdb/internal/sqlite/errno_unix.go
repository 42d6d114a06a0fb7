//go:build unix

package sqlite

import "syscall"

// isTooManyFiles reports whether an open failed because the process or the
// machine has no descriptors left, which SQLite reports like a missing file.
func isTooManyFiles(errno int) bool {
	return errno == int(syscall.EMFILE) || errno == int(syscall.ENFILE)
}
