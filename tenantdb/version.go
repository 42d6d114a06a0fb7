package tenantdb

import (
	"context"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Version tells one state of the global database from another. As long as it is the same,
// nothing was committed to it, by this process or any other, so that what was read before
// may be used again: read the version first, then the rows. The zero Version is of a
// database of which that is not known, and says nothing. Versions are compared with ==.
type Version struct {
	of      sqlite.Version
	opening int64 // of the file: what SQLite counts by begins anew with each
}

// Known reports whether the version says anything.
func (v Version) Known() bool { return v != Version{} }

// Version returns the present version. It reads a few bytes of memory that all processes
// share, takes some tens of nanoseconds and waits for nobody, unless the file must first be
// opened again. It may be called inside transactions; what these have not committed is not
// in it.
func (db *GlobalDB[S]) Version(ctx context.Context) (Version, error) {
	if db == nil || db.a == nil {
		return Version{}, noHandle("read the version")
	}
	held, ok := db.a.ref.Lease()
	if !ok {
		var err error
		if held, err = db.a.dir.acquire(ctx, *db.a); err != nil {
			return Version{}, err
		}
	}
	open := held.Value()
	version, same := Version{open.writer.conn.Version(), open.opening}, open.incarnation == db.a.incarnation
	held.Release()
	if !same {
		return Version{}, &Error{Path: open.path, Err: ErrTenantGone, Hint: "the global database was replaced; open it again"}
	}
	if version.of == (sqlite.Version{}) {
		return Version{}, nil
	}
	return version, nil
}
