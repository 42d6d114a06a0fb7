package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/underway"
)

// locks has operations on one tenant run one after the other, in all processes that have
// the folder open. The system lets go of a lock when the process dies, so that a tenant which is
// half way in an operation, and whose lock can be had, was left there. Where the system can, a
// lock is a byte of one file; elsewhere it is a file that is there while it is held, which costs
// the file system more than much of what is done under it.
type locks struct {
	folder string
	as     lockedAs
}

// lockedAs says what a lock is where the system can.
type lockedAs int

const (
	aByte lockedAs = iota
	aFile          // in tests
)

// lockRetry is how often another holder is asked whether it is done.
const lockRetry = 5 * time.Millisecond

// held is what a context says about locks: those of the operation that it is of.
type held struct {
	folder string
	ids    []tenantdb.ID
	outer  *held
}

type heldKey struct{}

// take locks the tenants, or with the zero ID the global database, in one order for all, and returns a context that says so.
func (l locks) take(ctx context.Context, ids ...tenantdb.ID) (_ context.Context, release func(), err error) {
	return l.takeWith(ctx, untilFree, ids)
}

// try is take for what is free; otherwise release is nil.
func (l locks) try(ctx context.Context, id tenantdb.ID) (_ context.Context, release func(), err error) {
	return l.takeWith(ctx, once, []tenantdb.ID{id})
}

// patience says how often something that is not free is tried.
type patience func(ctx context.Context, try func() (bool, error)) (bool, error)

func once(_ context.Context, try func() (bool, error)) (bool, error) { return try() }

func untilFree(ctx context.Context, try func() (bool, error)) (bool, error) {
	for {
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if free, err := try(); free || err != nil {
			return free, err
		}
		select {
		case <-time.After(lockRetry):
		case <-ctx.Done():
		}
	}
}

func (l locks) takeWith(ctx context.Context, wait patience, ids []tenantdb.ID) (_ context.Context, release func(), err error) {
	slices.SortFunc(ids, compareIDs)
	ids = slices.Compact(ids)
	outer, _ := underway.Value(ctx, heldKey{}).(*held)
	for h := outer; h != nil; h = h.outer {
		if h.folder == l.folder && slices.ContainsFunc(ids, func(id tenantdb.ID) bool { return slices.Contains(h.ids, id) }) {
			return ctx, nil, ErrNested
		}
	}
	if err := durable.MakeDir(l.folder); err != nil {
		return ctx, nil, err
	}
	err = errors.ErrUnsupported
	if l.as == aByte {
		release, err = l.takeBytes(ctx, wait, ids)
	}
	if errors.Is(err, errors.ErrUnsupported) {
		release, err = l.takeFiles(ctx, wait, ids)
	}
	if err != nil || release == nil {
		return ctx, nil, errors.Join(err, ctx.Err())
	}
	return underway.With(ctx, heldKey{}, &held{folder: l.folder, ids: ids, outer: outer}), release, nil
}

// strayError says that something is in the place of the file of a lock that was not put there as such.
type strayError struct{ path string }

func (e *strayError) Error() string {
	return fmt.Sprintf("%s is in the place of a lock, and is no empty regular file: see what it is, and move it away", e.path)
}

// Is reports whether the file cannot be opened for what it is: so it is.
func (*strayError) Is(target error) bool { return target == tenantdb.ErrCannotOpen }

// fit refuses what is at the path if it was put there. Through a link a file would be made elsewhere, and
// to close a second name of a tenant's file, which is never empty, would drop SQLite's locks on it.
func fit(path string) error {
	info, err := os.Lstat(path)
	if err == nil && (!info.Mode().IsRegular() || info.Size() > 0) {
		return &strayError{path}
	}
	return ignoreMissing(err)
}

// stillNamed reports whether the file still has the name by which it was opened. One that was removed
// meanwhile holds off nobody who comes now.
func stillNamed(file interface{ Stat() (fs.FileInfo, error) }, path string) (bool, error) {
	mine, err := file.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Lstat(path)
	return err == nil && os.SameFile(mine, named), ignoreMissing(err)
}

func compareIDs(a, b tenantdb.ID) int { return strings.Compare(a.String(), b.String()) }

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
