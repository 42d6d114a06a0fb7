//go:build unix

package foreign

import (
	"os"
	"syscall"
)

// openRegular opens a file to read: no link, and without waiting for the other end of a
// pipe that has come to be in its place.
func openRegular(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
}
