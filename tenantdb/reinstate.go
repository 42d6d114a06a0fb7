package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Reinstate brings back a tenant that was retired, under its ID and with its data. Its
// file has a new incarnation: handles from before stay [ErrTenantGone]. If the ID has a
// tenant again the error is [ErrTenantExists], and if the file was reinstated or purged
// before it is [ErrNotRetired]. Migrations that came since run when it is next resolved.
//
// The context ends it until the file is moved to its name. If the process dies before,
// the file is retired as it was, and reinstating it again finishes it.
func (st *Store[S]) Reinstate(ctx context.Context, r Retired) error {
	if st == nil || st.s == nil {
		return noHandle("reinstate")
	}
	return st.s.operate(ctx, "reinstate", r.Tenant, func(a address, path string) error {
		if err := r.check(); err != nil {
			return err
		}
		return a.dir.alone(ctx, r.Tenant, func() error { return a.dir.reinstate(ctx, a, r, path) })
	})
}

// Purge removes a retired file for good. If it was reinstated or purged before the error
// is [ErrNotRetired].
func (st *Store[S]) Purge(ctx context.Context, r Retired) error {
	if st == nil || st.s == nil {
		return noHandle("purge")
	}
	return st.s.operate(ctx, "purge", r.Tenant, func(a address, _ string) error {
		if err := r.check(); err != nil {
			return err
		}
		return a.dir.withNames(ctx, func() error {
			file := a.dir.layout.retiredPath(r)
			if err := there(file); err != nil {
				return err
			}
			return a.dir.removeFiles(file)
		})
	})
}

// there fails with ErrNotRetired if there is no file.
func there(file string) error {
	_, err := os.Lstat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s", ErrNotRetired, file)
	}
	return err
}

// reinstate makes the retired file the tenant's. The caller has the tenant alone.
//
// The mark is taken off first, where nobody looks for a tenant: moved first, the file
// would be at its name with a mark that says it is to be moved away.
func (d *Dir) reinstate(ctx context.Context, a address, r Retired, path string) error {
	file := d.layout.retiredPath(r)
	at, err := d.finish(ctx, a, path)
	switch {
	case err != nil:
		return err
	case at == present:
		return ErrTenantExists
	}
	if err := there(file); err != nil {
		return err
	}
	if err := d.unmark(ctx, a, file); err != nil {
		return err
	}
	d.files.Before("mark", file)
	if err := setLogMark(file, sqlite.MarkWAL); err != nil {
		return err
	}
	if err := durable.MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	if err := d.files.Remove(append(beside(path), beside(file)...)...); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return sqlite.Ended(ctx)
	}
	return d.files.Move(file, path)
}

// unmark makes a retired file a tenant's again, of another incarnation. One that has no
// mark any more is of a Reinstate that was interrupted.
func (d *Dir) unmark(ctx context.Context, a address, file string) (err error) {
	conn, err := d.connect(ctx, file, exclusiveWait, sqlite.Config{Mode: sqlite.Exclusive})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	conn.Watch(ctx, exclusiveWait)
	_, err = readIdentity(conn, a)
	if errors.Is(err, errRetired) {
		var have identity
		if have, err = readIdentityRow(conn); err == nil {
			err = have.fits(a)
		}
	}
	if err != nil {
		return err
	}
	// So that one which was interrupted and marked as having a log gets a journal.
	if err := setJournal(conn, "delete"); err != nil {
		return err
	}
	if err := conn.Exec("BEGIN EXCLUSIVE"); err != nil {
		return err
	}
	if err := conn.Exec(fmt.Sprintf("PRAGMA application_id=%d", applicationID)); err != nil {
		return err // closing the connection rolls back
	}
	if err := renewIncarnation(conn); err != nil {
		return err
	}
	return conn.Exec("COMMIT")
}

// setLogMark has the header of a database that nobody has open say whether it has a log,
// and sees to it that the file is on the disk.
func setLogMark(file string, mark func(*[sqlite.HeaderSize]byte)) (err error) {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return setLogMarkOf(f, mark)
}

func setLogMarkOf(f *os.File, mark func(*[sqlite.HeaderSize]byte)) error {
	var header [sqlite.HeaderSize]byte
	if _, err := f.ReadAt(header[:], 0); err != nil {
		return err
	}
	mark(&header)
	// The two bytes alone: they are written whole or not at all.
	if _, err := f.WriteAt(header[18:20], 18); err != nil {
		return err
	}
	return f.Sync()
}
