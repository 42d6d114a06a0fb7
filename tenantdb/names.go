package tenantdb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// namesRetry is how often another process is asked whether it has let go of the names.
const namesRetry = 5 * time.Millisecond

// withNames calls f while no other process or goroutine gives files their names or
// takes them away: between finding that a name is free, or removing a database, and
// removing the log beside it, nobody may make a file of that name. It waits until ctx
// ends. f must not wait for anything but the disk and, for a tenth of a second, for
// whoever has the very file open.
func (d *Dir) withNames(ctx context.Context, f func() error) error {
	select {
	case d.names <- struct{}{}: // one goroutine asks, the others wait for it
		defer func() { <-d.names }()
	case <-ctx.Done():
		return sqlite.Ended(ctx)
	}
	// The file is ours and never opened by SQLite, whose locks a close would drop. It
	// is not created: empty, it would say of the folder that it has no layout.
	lock := flock.New(filepath.Join(d.layout.root, layoutFile), flock.SetFlag(os.O_RDWR))
	if _, err := lock.TryLockContext(ctx, namesRetry); err != nil {
		if ctx.Err() != nil {
			return sqlite.Ended(ctx)
		}
		return err
	}
	defer d.present.forget()
	return errors.Join(f(), lock.Unlock())
}
