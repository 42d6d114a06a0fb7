package codegen

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lock keeps other runs from writing to the same project, until the function that it
// returns is called: one would take what another makes beside for left behind. The
// lock is a file in the user's cache folder; where that cannot be, nothing is locked.
func (p *Plan) lock(ctx context.Context) (unlock func() error, err error) {
	nothing := func() error { return nil }
	file, ok := lockFile(p.root)
	if !ok {
		return nothing, nil
	}
	l := flock.New(file)
	// What cannot be locked is as if there were no cache folder.
	locked, _ := l.TryLockContext(ctx, lockInterval)
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("codegen: wait for another run: %w", ctx.Err())
	case locked:
		return l.Unlock, nil
	default:
		return nothing, nil
	}
}

// lockInterval is how often a run looks whether another has ended.
const lockInterval = 20 * time.Millisecond

// lockFile returns the file of a project's lock, in a folder that is there.
func lockFile(root string) (file string, ok bool) {
	dir, err := os.UserCacheDir()
	file = filepath.Join(dir, "silo", "generate", digestOf([]byte(root))+".lock")
	return file, err == nil && os.MkdirAll(filepath.Dir(file), 0o755) == nil
}
