package codegen

import (
	"errors"

	"golang.org/x/sys/unix"
)

// exchangeFolders gives two folders each other's names in one step (renamex_np(2)).
func exchangeFolders(a, b string) error {
	err := unix.RenamexNp(a, b, unix.RENAME_SWAP)
	for _, cannot := range []error{unix.ENOSYS, unix.EINVAL, unix.ENOTSUP, unix.EXDEV, unix.EBUSY} {
		if errors.Is(err, cannot) {
			return errNoExchange
		}
	}
	return err
}
