//go:build unix

package tenantdb

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// writable fails with ErrReadOnly for a file that this process may not write. SQLite would open
// it all the same, to read, and take the right to write from the log beside it too, which then
// stays without (https://www.sqlite.org/src/file/src/os_unix.c, robust_open).
func writable(path string) error {
	const toWrite = 2 // W_OK of access(2)
	err := syscall.Access(path, toWrite)
	switch {
	case err == nil, errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	return err
}
