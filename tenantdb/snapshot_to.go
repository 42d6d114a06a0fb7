package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// SnapshotTo is [Store.Snapshot] into an empty file that the caller has made, under the name that it
// has, and opened to read and to write: for copies that get their name otherwise, or none. When
// it returns nil, what is in the file is verified and on the disk; its name need not be, until the folder
// is synced. After an error, or if the process dies, there may be anything in it: remove it.
// The file is not closed. One that is not empty is fs.ErrExist. As for Snapshot, it may not be
// among the data folder's own files.
func (st *Store[S]) SnapshotTo(ctx context.Context, id ID, out *os.File, options SnapshotOptions) (Manifest, error) {
	if st == nil || st.s == nil {
		return Manifest{}, noHandle("snapshot")
	}
	var m Manifest
	err := st.s.operate(ctx, "snapshot", id, func(a address, from string) (err error) {
		switch info, err := out.Stat(); {
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			return fmt.Errorf("%w: the copy would be in %s, which is no regular file but %v", ErrCannotOpen, out.Name(), info.Mode().Type())
		case info.Size() > 0:
			return fmt.Errorf("%s has %d bytes: %w", out.Name(), info.Size(), fs.ErrExist)
		}
		if _, err := a.dir.layout.outside(out.Name()); errors.Is(err, fs.ErrInvalid) {
			return err
		}
		if _, err := out.Seek(0, io.SeekStart); err != nil { // one that was emptied is written to from where it ended
			return err
		}
		m, err = a.dir.alongside(ctx, a, func() (Manifest, error) {
			m, err := a.dir.copyOut(ctx, a, from, out, options)
			if err == nil {
				err = a.dir.seal(ctx, a, out, &m)
			}
			return m, err
		})
		return err
	})
	if err != nil {
		return Manifest{}, err
	}
	return m, nil
}
