package lifecycle

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"github.com/silokit/silo/tenantdb"
)

// takeFiles locks a file of each tenant's own.
func (l locks) takeFiles(ctx context.Context, wait patience, ids []tenantdb.ID) (release func(), err error) {
	var taken []*flock.Flock
	release = func() {
		for _, file := range slices.Backward(taken) {
			// Removed while it is held: whoever waits for it finds that its file has no name any
			// more, and makes a new one. Where that cannot be, it stays, and does no harm.
			_ = os.Remove(file.Path())
			_ = file.Unlock()
		}
	}
	for _, id := range ids {
		file, err := takeFile(ctx, wait, l.file(id))
		if err != nil || file == nil {
			release()
			return nil, err
		}
		taken = append(taken, file)
	}
	return release, nil
}

// takeFile returns nil if it is not free.
func takeFile(ctx context.Context, wait patience, path string) (*flock.Flock, error) {
	for {
		if err := fit(path); err != nil {
			return nil, err
		}
		file := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDONLY|asItIs))
		free, err := wait(ctx, file.TryLock)
		if err != nil || !free {
			return nil, errors.Join(err, file.Close())
		}
		if named, err := stillNamed(file, path); named {
			return file, nil
		} else if err := errors.Join(err, file.Close()); err != nil {
			return nil, err
		}
	}
}

// file returns where the file of the tenant's lock is.
func (l locks) file(id tenantdb.ID) string { return filepath.Join(l.folder, nameOf(id)+".lock") }

// left returns the tenants of whose lock there is a file: it is held, or its holder died.
func (l locks) left() (ids []tenantdb.ID) {
	entries, err := os.ReadDir(l.folder)
	if err != nil {
		return nil // nobody has held one yet; or who wants one is told
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".lock"); ok {
			if id, err := tenantdb.ParseID(name); err == nil {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
