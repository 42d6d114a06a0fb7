// Package atwork makes folders that a process works in for a while, and tells those in which nobody
// works any more: the process that made them has died. Each has a file in it that is locked as long.
package atwork

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// lockName is the name of the file that is locked, in the folder.
const lockName = "at-work.lock"

// Make makes a folder, of a name as [os.MkdirTemp] gives it, that is [Held] until end is called,
// which removes it.
func Make(parent, pattern string) (folder string, end func() error, err error) {
	for {
		if folder, err = os.MkdirTemp(parent, pattern); err != nil {
			return "", nil, err
		}
		path := filepath.Join(folder, lockName)
		lock := flock.New(path, flock.SetPermissions(0o600))
		held, err := lock.TryLock()
		_, gone := os.Lstat(path)
		if held && gone == nil {
			return folder, func() error { return errors.Join(lock.Unlock(), os.RemoveAll(folder)) }, nil
		}
		err = errors.Join(ignoreMissing(err), lock.Close())
		if err != nil {
			return "", nil, errors.Join(err, os.RemoveAll(folder))
		}
		// Somebody has removed it as one in which nobody works, before it was locked.
	}
}

// Held reports whether a process that lives works in the folder. In what Make has not made nobody does.
func Held(folder string) bool {
	path := filepath.Join(folder, lockName)
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDWR))
	free, err := lock.TryLock()
	if errors.Join(err, lock.Close()) != nil {
		return false
	}
	return !free
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
