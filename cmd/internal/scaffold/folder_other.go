//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd

package scaffold

import (
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// lockDir locks a file beside a folder, for folders cannot be locked here, unless another
// process or call has it locked. It is removed when it is unlocked.
func lockDir(dir string) (unlock func() error, ok bool) {
	l := flock.New(filepath.Clean(dir) + ".lock")
	locked, err := l.TryLock()
	unlock = func() error {
		err := l.Unlock()
		_ = os.Remove(l.Path()) // another process may have it by now
		return err
	}
	return unlock, err == nil && locked
}

// syncFolder does nothing: here the names in a folder are on the disk with the files.
func syncFolder(string) error { return nil }
