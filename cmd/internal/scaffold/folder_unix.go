//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package scaffold

import (
	"errors"
	"os"

	"github.com/gofrs/flock"
)

// lockDir locks a folder, unless another process or call has it locked. The lock ends with the
// process.
func lockDir(dir string) (unlock func() error, ok bool) {
	l := flock.New(dir, flock.SetFlag(os.O_RDONLY))
	locked, err := l.TryLock()
	return l.Unlock, err == nil && locked
}

// syncFolder sees to it that the names in a folder are on the disk.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
