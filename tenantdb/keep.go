package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Replace is [Store.Restore] that keeps what was there: all that was acknowledged until
// the tenant had its new data is in a retired file, the one that is returned.
// [Store.SnapshotRetired] copies it, [Store.Purge] removes it. Of a file that cannot be read
// nothing is kept, and the result is zero.
//
// If the process dies, the tenant is the old or the new one, whole; a retired file may be
// listed that is the tenant's own, still in its place, by another name: SnapshotRetired
// finds that, and so does replacing it again.
func (st *Store[S]) Replace(ctx context.Context, id ID, source Source) (Retired, error) {
	if st == nil || st.s == nil {
		return Retired{}, noHandle("restore")
	}
	var kept Retired
	err := st.s.restore(ctx, id, source, &kept)
	if err != nil && !errors.Is(err, ErrOutcomeUnknown) {
		return Retired{}, err
	}
	return kept, err
}

// keep gives the file at path, which conn has for itself and all of the tenant is in, the
// name of a retired one besides its own. The caller is within withNames.
func (d *Dir) keep(a address, conn *sqlite.Conn, path string) (Retired, error) {
	have, err := readIdentityRow(conn)
	if err != nil {
		return Retired{}, err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return Retired{}, err
	}
	if err := d.dropTwins(a, info); err != nil {
		return Retired{}, err
	}
	r := Retired{Tenant: a.tenant, Incarnation: have.incarnation, At: time.Now().UTC().Truncate(time.Second), Size: info.Size()}
	if err := errors.Join(r.check(), durable.MakeDir(d.layout.deletedFolder())); err != nil {
		return Retired{}, err
	}
	return r, d.files.Link(path, d.layout.retiredPath(r))
}

// dropTwins takes the names of retired files from the tenant's file: a Replace that died
// has given them, and left the file in its place. The caller is within withNames.
func (d *Dir) dropTwins(a address, file fs.FileInfo) error {
	list, err := d.layout.retired()
	if err != nil {
		return err
	}
	for _, r := range list {
		path := d.layout.retiredPath(r)
		if r.Tenant != a.tenant {
			continue
		}
		info, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case os.SameFile(info, file):
			if err := d.files.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// SnapshotRetired copies a retired file that [Store.Replace] has kept to the new file at path, as
// [Store.Snapshot] does a tenant's. One that [Store.Retire] has put aside is
// [ErrUnknownTenant]: reinstate it. One that is the tenant's own, which a Replace that died has
// left in its place, loses the retired name and is [ErrNotRetired], like one that is not there.
func (st *Store[S]) SnapshotRetired(ctx context.Context, r Retired, path string) (Manifest, error) {
	if st == nil || st.s == nil {
		return Manifest{}, noHandle("snapshot")
	}
	var m Manifest
	err := st.s.operate(ctx, "snapshot", r.Tenant, func(a address, own string) (err error) {
		if err := r.check(); err != nil {
			return err
		}
		if path, err = a.dir.layout.outside(path); err != nil {
			return err
		}
		file := a.dir.layout.retiredPath(r)
		err = a.dir.withNames(ctx, func() error {
			info, err := os.Lstat(own)
			if err == nil {
				err = a.dir.dropTwins(a, info)
			} else if errors.Is(err, fs.ErrNotExist) {
				err = nil
			}
			if err != nil {
				return err
			}
			return there(file)
		})
		if err != nil {
			return err
		}
		if m, err = a.dir.snapshot(ctx, a, file, path, SnapshotOptions{}); err != nil {
			return fmt.Errorf("the retired file %s: %w", file, err)
		}
		m.Mark = "" // the tenant has another file
		return nil
	})
	if err != nil {
		return Manifest{}, err
	}
	return m, nil
}
