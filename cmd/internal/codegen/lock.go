package codegen

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// lock keeps other runs from writing to the same project, until the function that it
// returns is called: one would take what another makes beside for left behind. The
// lock is a file in the user's cache folder; where that cannot be, nothing is locked.
func (p *Plan) lock() (unlock func() error, err error) {
	file, ok := lockFile(p.root)
	if !ok {
		return func() error { return nil }, nil
	}
	l := flock.New(file)
	if err := l.Lock(); err != nil {
		return nil, fmt.Errorf("codegen: wait for another run: %w", err)
	}
	return l.Unlock, nil
}

// lockFile returns the file of a project's lock, in a folder that is there.
func lockFile(root string) (file string, ok bool) {
	dir, err := os.UserCacheDir()
	file = filepath.Join(dir, "silo", "generate", digestOf([]byte(root))+".lock")
	return file, err == nil && os.MkdirAll(filepath.Dir(file), 0o755) == nil
}
