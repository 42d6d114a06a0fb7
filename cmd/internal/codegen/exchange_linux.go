package codegen

import (
	"errors"

	"golang.org/x/sys/unix"
)

// exchangeFolders gives two folders each other's names in one step (renameat2(2)).
func exchangeFolders(a, b string) error {
	err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	for _, cannot := range []error{unix.ENOSYS, unix.EINVAL, unix.EXDEV, unix.EBUSY} {
		if errors.Is(err, cannot) {
			return errNoExchange
		}
	}
	return err
}
