package tenantdb

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Erasure says what [Store.Erase] has removed.
type Erasure struct {
	Tenant  ID           `json:"tenant"`
	Removed []ErasedFile `json:"removed"` // in the order of their removal
	Absent  []string     `json:"absent"`  // paths of the files that a tenant may have and this one had not
}

// ErasedFile is a file that was removed.
type ErasedFile struct {
	Path string `json:"path"` // absolute
	Size int64  `json:"size"` // in bytes
}

// Erase removes every file of the tenant that the data folder has: its database, what
// SQLite keeps beside it, what is retired of it, and what a process that died was building
// for it. It waits for calls that use the tenant, and ends its handles, as [Store.Delete] does. A
// tenant that has no file is no error: then nothing is removed, and so again when it
// is erased once more. The files are unlinked, not written over: what the disk does with
// their blocks, and copies of them elsewhere, are beyond it.
//
// If another process has the tenant open the error is [ErrTenantOpenElsewhere] and nothing
// was removed. After any other error, or the death of the process, erase it again; what
// was removed until then is in the result. The context ends it until the first removal.
func (st *Store[S]) Erase(ctx context.Context, id ID) (Erasure, error) {
	if st == nil || st.s == nil {
		return Erasure{}, noHandle("erase")
	}
	e := Erasure{Tenant: id}
	err := st.s.operate(ctx, "erase", id, func(a address, path string) error {
		return a.dir.alone(ctx, id, func() error { return a.dir.erase(ctx, a, path, &e) })
	})
	return e, err
}

func (d *Dir) erase(ctx context.Context, a address, path string, e *Erasure) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		release, err := d.dispossess(ctx, a, path)
		if err != nil {
			return err
		}
		defer release()
	}
	files, err := d.layout.filesOf(a.tenant)
	if err != nil {
		return err
	}
	// The database first: see removeFiles.
	err = d.removeAll(append(append([]string{path}, beside(path)...), files...), e)
	if err == nil {
		d.ledger.forget(a.tenant) // or it would be of who has the ID next
	}
	return err
}

// removeAll removes the files, in their order.
func (d *Dir) removeAll(files []string, e *Erasure) error {
	for _, file := range files {
		info, err := os.Lstat(file)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			e.Absent = append(e.Absent, file)
			continue
		case err != nil:
			return err
		}
		if err := d.files.Remove(file); err != nil {
			return err
		}
		e.Removed = append(e.Removed, ErasedFile{Path: file, Size: info.Size()})
	}
	return nil
}

// dispossess sees to it that nobody goes on with the file at path, which is removed then.
func (d *Dir) dispossess(ctx context.Context, a address, path string) (release func(), err error) {
	nothing := func() {}
	switch err := d.markGone(ctx, a, path); {
	case err == nil, errors.Is(err, errRetired), errors.Is(err, ErrDiskFull):
		return nothing, nil
	case !unreadable(err):
		return nil, err
	}
	conn, err := d.seize(ctx, path)
	if err != nil {
		return nil, err
	}
	return func() { _ = d.disconnect(conn) }, nil // it has written nothing
}

// Sweep removes what a process that died was building for the tenant, and returns that. Files
// that somebody is building now are removed too, and what builds them fails: the caller knows
// that nobody is, as lifecycle.Manager does by its locks. What has the tenant's name stays.
func (st *Store[S]) Sweep(ctx context.Context, id ID) (removed []ErasedFile, err error) {
	if st == nil || st.s == nil {
		return nil, noHandle("sweep")
	}
	err = st.s.operate(ctx, "sweep", id, func(a address, _ string) error {
		files, err := a.dir.layout.building(id)
		if err != nil {
			return err
		}
		e := Erasure{}
		err = a.dir.removeAll(files, &e)
		removed = e.Removed
		return err
	})
	return removed, err
}

// filesOf returns what there is of a tenant beside its database and what SQLite keeps
// there, sorted: files that were being built, and retired ones.
func (l layout) filesOf(id ID) ([]string, error) {
	built, err := l.building(id)
	if err != nil {
		return nil, err
	}
	retired, err := filesIn(l.deletedFolder(), id.name+".")
	return slices.Sorted(slices.Values(append(built, retired...))), err
}

// building returns the files that were being built for a tenant.
func (l layout) building(id ID) ([]string, error) {
	return filesIn(l.tenantFolder(id), buildPrefix+id.name+extension+buildSuffix)
}

// filesIn returns what is in the folder whose name begins so.
func filesIn(folder, prefix string) (found []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			found = append(found, filepath.Join(folder, e.Name()))
		}
	}
	return found, nil
}
