package fleet

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/durable"
)

// lockFile is held by a run as long as it goes over a folder: it is below DIR/locks, beside those of
// operations on single tenants, and is no ID.
const lockFile = "_fleet.lock"

// lockWait is how long the lock is waited for: somebody may only be looking whether it is held.
const (
	lockWait  = 200 * time.Millisecond
	lockRetry = 10 * time.Millisecond
)

// alone takes the lock of the folder, which the system lets go of with the process. The file
// stays: who removed it could let two in.
func alone(ctx context.Context, root string) (release func() error, err error) {
	folder := filepath.Join(root, "locks")
	if err := durable.MakeDir(folder); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	lock := flock.New(filepath.Join(folder, lockFile), flock.SetPermissions(0o600))
	got, err := lock.TryLock() // by no clock: one that waits for the processor for so long has not waited for anybody
	if err == nil && !got {
		waiting, cancel := context.WithTimeout(ctx, lockWait)
		defer cancel()
		got, err = lock.TryLockContext(waiting, lockRetry)
	}
	if got {
		return lock.Unlock, nil
	}
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case err == nil || errors.Is(err, context.DeadlineExceeded):
		err = ErrRunning
	}
	return nil, errors.Join(err, lock.Close())
}

// Running reports whether a run goes over the folder of the store now, in this process or another. A
// run of the catalog that is said to be running, while none is, was of a process that died.
func Running[S tenantdb.TenantSchema](ctx context.Context, store *tenantdb.Store[S]) (bool, error) {
	if store.Dir() == nil {
		return false, failed("look for a run", tenantdb.ErrNoHandle)
	}
	folder := filepath.Join(store.Dir().Path(), "locks")
	if _, err := os.Lstat(filepath.Join(folder, lockFile)); errors.Is(err, fs.ErrNotExist) {
		return false, nil // there never was one
	}
	release, err := alone(ctx, store.Dir().Path())
	switch {
	case errors.Is(err, ErrRunning):
		return true, nil
	case err != nil:
		return false, failed("look for a run", err)
	}
	return false, release()
}
