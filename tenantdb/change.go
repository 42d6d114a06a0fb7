package tenantdb

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// A changeMark tells one state of a tenant's file from later ones. A mark that is equal
// to a later one means that nothing was written in between; one that differs means
// nothing. There are two kinds:
//
// While something is in the log, the mark is the header of the log's index, which every
// commit changes: it has the log's length, its salts, which are drawn anew whenever it is
// begun anew, and a sum of all that is in it. What moves from the log into the database
// changes nothing that is read.
//
// Of an empty log, all that was ever written is in the database file, and the mark is
// which file that is, its size and the times at which it was changed. A clock that gives
// them may stand still for some milliseconds, or for two seconds on some file systems: a
// file that was changed less than that before it was looked at could be changed once more
// with no trace. Then there is no mark.
type changeMark struct {
	index string // of the log, in hexadecimal
	file  string
}

// markSettled is how long ago the last change of a file must be. Two seconds are the
// coarsest that a file system's times are.
const markSettled = 3 * time.Second

func (m changeMark) String() string {
	switch {
	case m.index != "":
		return "log " + m.index
	case m.file != "":
		return "file " + m.file
	}
	return ""
}

// fileMark is the mark of a database with an empty log.
func fileMark(info fs.FileInfo, now time.Time) changeMark {
	inode, changed, ok := changeOf(info)
	last := info.ModTime()
	if changed.After(last) {
		last = changed
	}
	if !ok || now.Sub(last) < markSettled {
		return changeMark{}
	}
	return changeMark{file: fmt.Sprintf("%d %d %d %d", inode, info.Size(), info.ModTime().UnixNano(), changed.UnixNano())}
}

// markOf returns the mark of the database of conn, which has read and reads nothing now:
// of its present state, or of one shortly before.
func (d *Dir) markOf(conn *sqlite.Conn, path string) changeMark {
	conn.FindVersion()
	// First the log, then the file: what is committed in between is not in the file, or
	// has changed it.
	version := conn.Version()
	if version == (sqlite.Version{}) {
		return changeMark{}
	}
	if version.LogPages() > 0 {
		return changeMark{index: hex.EncodeToString(version[:])}
	}
	info, err := os.Lstat(path)
	if err != nil {
		return changeMark{}
	}
	return fileMark(info, d.now())
}

// Unchanged reports whether nothing was written to the tenant since the state that the
// mark is of ([Manifest].Mark). It is never true wrongly. It may be false
// though nothing was written: after a tenant was closed that had been written to, in the
// seconds after a write, in another folder, and always for the empty mark. For a tenant that
// is closed it looks at two names and opens nothing.
func (st *Store[S]) Unchanged(ctx context.Context, id ID, mark string) (bool, error) {
	if st == nil || st.s == nil {
		return false, noHandle("unchanged")
	}
	unchanged := false
	err := st.s.operate(ctx, "unchanged", id, func(a address, path string) error {
		now, err := a.dir.presentMark(ctx, a, path)
		unchanged = err == nil && mark != "" && now.String() == mark
		return err
	})
	return unchanged, err
}

func (d *Dir) presentMark(ctx context.Context, a address, path string) (m changeMark, err error) {
	// First the log: if it is empty, all that was written until then is in the file.
	log, logErr := os.Lstat(path + "-wal")
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return changeMark{}, ErrUnknownTenant
	case err != nil:
		return changeMark{}, err
	case logErr != nil && !errors.Is(logErr, fs.ErrNotExist):
		return changeMark{}, logErr
	case logErr != nil || log.Size() == 0:
		return fileMark(info, d.now()), nil
	}
	if err := d.copies.enter(ctx, a.tenant); err != nil {
		return changeMark{}, err
	}
	defer d.copies.leave(a.tenant)
	conn, _, err := d.openToRead(ctx, a, path, sqlite.Config{Schemas: d.schemasOf(a.def)})
	if err != nil {
		return changeMark{}, err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	return d.markOf(conn, path), nil
}
