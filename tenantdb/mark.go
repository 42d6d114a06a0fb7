package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// retiredID is the mark of a file that is retired: of a tenant that was deleted and can be
// brought back. It stands where [applicationID] and [goneID] do.
const retiredID = 0x52657469 // "Reti"

// errRetired is of a file with that mark. To all who look for a tenant it is gone.
var errRetired = fmt.Errorf("%w: its file is retired", ErrTenantGone)

// ended returns what a file that is marked is, and nil for any other.
func ended(app int64) error {
	switch app {
	case goneID:
		return ErrTenantGone
	case retiredID:
		return errRetired
	}
	return nil
}

// state is what there is at a tenant's name.
type state int

const (
	absent  state = iota
	present       // a file that is not marked, or cannot be looked at
	gone          // one whose Delete was interrupted after its mark
	retired       // one whose Retire was
)

// stateOf looks at the file at path. An error of the look means that it is present, or
// that somebody has it locked. The caller is within withNames.
func (d *Dir) stateOf(ctx context.Context, path string) state {
	if _, err := os.Lstat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return absent
		}
		return present
	}
	conn, err := d.connect(ctx, path, exclusiveWait, sqlite.Config{Mode: sqlite.ReadOnly})
	if err != nil {
		return present
	}
	conn.Watch(ctx, exclusiveWait)
	app, err := readApplicationID(conn)
	switch {
	case errors.Join(err, d.disconnect(conn)) != nil:
		return present
	case app == goneID:
		return gone
	case app == retiredID:
		return retired
	}
	return present
}

// finish ends the Delete or Retire of the file at path that was interrupted after its mark,
// and returns what is there then: absent or present. The caller is within withNames.
func (d *Dir) finish(ctx context.Context, a address, path string) (state, error) {
	switch at := d.stateOf(ctx, path); at {
	case gone:
		return absent, d.removeFiles(path)
	case retired:
		_, err := d.moveRetired(ctx, a, path)
		return absent, err
	default:
		return at, nil
	}
}
