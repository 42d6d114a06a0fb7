package lifecycle

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/durable"
	"github.com/silokit/silo/tenantdb/internal/underway"
)

// locks has operations on one tenant run one after the other, in all processes that have
// the folder open. A lock is a file that is there while it is held. The system lets go of
// it when the process dies, so that a tenant which is half way in an operation, and whose
// lock can be had, was left there.
type locks struct{ folder string }

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
	return l.takeWith(ctx, func(lock *flock.Flock) (bool, error) { return lock.TryLockContext(ctx, lockRetry) }, ids)
}

// try is take for what is free; otherwise release is nil.
func (l locks) try(ctx context.Context, id tenantdb.ID) (_ context.Context, release func(), err error) {
	return l.takeWith(ctx, (*flock.Flock).TryLock, []tenantdb.ID{id})
}

func (l locks) takeWith(ctx context.Context, lock func(*flock.Flock) (bool, error), ids []tenantdb.ID) (_ context.Context, release func(), err error) {
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
	var taken []*flock.Flock
	release = func() {
		for _, lock := range slices.Backward(taken) {
			// Removed while it is held: whoever waits for it finds that its file has no name any
			// more, and makes a new one. Where that cannot be, it stays, and does no harm.
			_ = os.Remove(lock.Path())
			_ = lock.Unlock()
		}
	}
	for _, id := range ids {
		got, err := l.takeOne(id, lock)
		if err != nil || got == nil {
			release()
			return ctx, nil, errors.Join(err, ctx.Err())
		}
		taken = append(taken, got)
	}
	return underway.With(ctx, heldKey{}, &held{folder: l.folder, ids: ids, outer: outer}), release, nil
}

func (l locks) takeOne(id tenantdb.ID, lock func(*flock.Flock) (bool, error)) (*flock.Flock, error) {
	path := filepath.Join(l.folder, nameOf(id)+".lock")
	for {
		one := flock.New(path)
		ok, err := lock(one)
		if err != nil || !ok {
			return nil, errors.Join(err, one.Close())
		}
		mine, err := one.Stat()
		if err != nil {
			return nil, errors.Join(err, one.Close())
		}
		named, err := os.Stat(path)
		if err == nil && os.SameFile(mine, named) {
			return one, nil
		}
		// It was removed by its holder before we had it.
		if err := errors.Join(one.Close(), ignoreMissing(err)); err != nil {
			return nil, err
		}
	}
}

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

func compareIDs(a, b tenantdb.ID) int { return strings.Compare(a.String(), b.String()) }

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
