package tenantdb

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/silokit/silo/tenantdb/internal/registry"
)

// Dir returns the folder that the store is a view of; of a nil or zero Store, nil.
func (st *Store[S]) Dir() *Dir {
	if st == nil || st.s == nil {
		return nil
	}
	return st.s.dir
}

// Exists reports whether the tenant has a file, whatever is in it: one that is marked, for its
// Delete or Retire was interrupted, is none, and the next Create or Adopt of the ID finishes
// that. It looks at the mark and migrates nothing; a file that cannot be looked at exists.
func (st *Store[S]) Exists(ctx context.Context, id ID) (exists bool, err error) {
	if st == nil || st.s == nil {
		return false, noHandle("exists")
	}
	err = st.s.operate(ctx, "exists", id, func(a address, path string) error {
		exists, err = a.dir.exists(ctx, path)
		return err
	})
	return exists, err
}

// FileSize returns how many bytes a tenant's file has, by its name: it is not opened. What is in its
// log is not counted. Of a tenant without a file the error is [ErrUnknownTenant].
func (st *Store[S]) FileSize(id ID) (int64, error) {
	if st == nil || st.s == nil {
		return 0, noHandle("size")
	}
	path := st.s.dir.layout.tenantPath(id)
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = ErrUnknownTenant
	case err == nil:
		return info.Size(), nil
	}
	return 0, explain("size", id, path, err)
}

// errInspected ends a look at a source before it becomes a tenant.
var errInspected = errors.New("it was only looked at")

// Inspect looks at a copy as [Store.Adopt] does, and makes no tenant of it: the error is
// that with which Adopt would refuse it. The ID says beside whose place the copy is
// built, and removed again; whether that tenant is there does not matter. Migrations
// that the copy lacks are tried on it.
func (st *Store[S]) Inspect(ctx context.Context, id ID, source Source) error {
	if st == nil || st.s == nil {
		return noHandle("inspect")
	}
	return st.s.operate(ctx, "inspect", id, func(a address, path string) error {
		prepare := func(building string) error {
			_, err := a.dir.makeOwn(ctx, a, building, source, anyTenants)
			return err
		}
		return onlyInspected(a.dir.fromSource(ctx, path, source, prepare, func(string) error { return errInspected }))
	})
}

// onlyInspected takes errInspected for none, unless it is with one of removing the copy.
func onlyInspected(err error) error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) && len(joined.Unwrap()) == 1 && errors.Is(err, errInspected) {
		return nil
	}
	return err
}

// OnFileStep has f called before each step on files that the Dir takes itself, with what it
// is. It is for the crash tests of the packages below this one, which end the process
// there; nobody else can name the permit.
func (d *Dir) OnFileStep(_ registry.Permit, f func(what string)) { d.files.Step = f }
