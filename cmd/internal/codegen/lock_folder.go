//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package codegen

import (
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// newLock returns the lock of a configuration, which is on the folder that holds it:
// so it is one for all users and for all links to the project, and leaves no file.
func newLock(config string) (*flock.Flock, bool) {
	return flock.New(filepath.Dir(config), flock.SetFlag(os.O_RDONLY)), true
}
