//go:build !unix

package sqlite

// errorTooManyOpenFiles is Windows' ERROR_TOO_MANY_OPEN_FILES.
const errorTooManyOpenFiles = 4

// isTooManyFiles reports whether an open failed because the process has no
// handles left, which SQLite reports like a missing file.
func isTooManyFiles(errno int) bool { return errno == errorTooManyOpenFiles }
