//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd

package codegen

import (
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// newLock returns the lock of a configuration: a file in the user's cache folder, for
// folders cannot be locked here. There is none where there is no cache folder.
func newLock(config string) (*flock.Flock, bool) {
	place, err := filepath.Abs(filepath.Dir(config))
	if err != nil {
		return nil, false
	}
	if behind, err := filepath.EvalSymlinks(place); err == nil {
		place = behind
	}
	file, ok := cacheFile(place, ".lock")
	if !ok || os.MkdirAll(filepath.Dir(file), 0o755) != nil {
		return nil, false
	}
	_ = os.Chtimes(file, time.Time{}, time.Now()) // if it is there, it is in use: see removeOlder
	return flock.New(file), true
}
