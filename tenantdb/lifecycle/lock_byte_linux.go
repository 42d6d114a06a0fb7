package lifecycle

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/silokit/silo/tenantdb"
)

// byteFile is the file of which each tenant has a byte. Its name is that of no tenant's.
const byteFile = "_all.lock"

// takeBytes locks the tenants' bytes of the one file, which is empty: a lock may be of bytes that are not
// there. It is of the open file (https://man7.org/linux/man-pages/man2/F_OFD_SETLK.2const.html), and not of
// the process as other locks of bytes are, so that goroutines exclude each other too. Where the kernel has
// none of these, the error is errors.ErrUnsupported.
func (l locks) takeBytes(ctx context.Context, wait patience, ids []tenantdb.ID) (release func(), err error) {
	for {
		file, err := openLock(filepath.Join(l.folder, byteFile))
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			free, err := wait(ctx, func() (bool, error) { return lockByte(file, byteOf(id)) })
			if err != nil || !free {
				return nil, errors.Join(err, closeLock(file))
			}
		}
		if named, err := stillNamed(file, file.Name()); named {
			return func() { _ = closeLock(file) }, nil
		} else if err := errors.Join(err, closeLock(file)); err != nil {
			return nil, err
		}
	}
}

// closeLock ends the locks of the file before it closes it: a process that is being started has the same open file
// for a moment, and would keep them.
func closeLock(file *os.File) error {
	all := unix.Flock_t{Type: unix.F_UNLCK}
	_ = unix.FcntlFlock(file.Fd(), unix.F_OFD_SETLK, &all) // where it fails, closing does it
	return file.Close()
}

func openLock(path string) (*os.File, error) {
	if err := fit(path); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR|asItIs, 0o600)
}

func lockByte(file *os.File, number int64) (free bool, err error) {
	err = unix.FcntlFlock(file.Fd(), unix.F_OFD_SETLK, &unix.Flock_t{Type: unix.F_WRLCK, Start: number, Len: 1})
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES):
		return false, nil
	case errors.Is(err, unix.EINVAL):
		return false, fmt.Errorf("locking a byte of an open file: %w", errors.ErrUnsupported)
	}
	return false, &os.PathError{Op: "lock", Path: file.Name(), Err: err}
}

// byteOf returns the number of the tenant's byte. If two had the same, which of all that there will
// ever be no two do, they would wait for each other.
func byteOf(id tenantdb.ID) int64 {
	sum := sha256.Sum256([]byte(nameOf(id)))
	return int64(binary.BigEndian.Uint64(sum[:]) >> 2) // so that its end is a number too
}
