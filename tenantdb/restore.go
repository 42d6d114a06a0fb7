package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Restore replaces the tenant's data by that of a copy which [Store.Snapshot] has made of
// it. The copy is looked at as by [Store.Adopt], and must be of this very tenant: else
// it is [ErrUnfit] and [ErrWrongTenant]. It is whole, migrated and on the disk, under another name,
// before anything is done with the old file; then that is replaced in one step. Handles to
// the tenant are [ErrTenantGone] from then on.
//
// It waits for calls that use the tenant; if another process has it open the error is
// [ErrTenantOpenElsewhere] and the tenant is as it was. For a tenant that is not there it
// is [ErrUnknownTenant]: adopt the copy. The old file need not be readable. What it held is gone
// afterwards; take a Snapshot before if it may be wanted.
//
// The context ends it at any time until the old file is replaced. If the process dies, the
// tenant is the old or the new one, whole; restoring it again makes it the new one.
func (st *Store[S]) Restore(ctx context.Context, id ID, source Source) error {
	if st == nil || st.s == nil {
		return noHandle("restore")
	}
	return st.s.restore(ctx, id, source, nil)
}

// restore gives the tenant the source's data. What was there is kept if kept is not nil.
func (s *store) restore(ctx context.Context, id ID, source Source, kept *Retired) error {
	return s.operate(ctx, "restore", id, func(a address, path string) error {
		if exists, err := a.dir.exists(ctx, path); err != nil || !exists {
			return errors.Join(err, ErrUnknownTenant)
		}
		prepare := func(building string) error {
			_, err := a.dir.makeOwn(ctx, a, building, source, ownTenants)
			return err
		}
		return a.dir.fromSource(ctx, path, source, prepare, func(building string) error {
			return a.dir.alone(ctx, id, func() error { return a.dir.replace(ctx, a, building, path, oldFile{kept: kept}) })
		})
	})
}

// oldFile says what becomes of a file that is replaced, if it can be read.
type oldFile struct {
	// kept, if not nil, has it get the name of a retired file first, and not be marked;
	// which that is, is put there.
	kept *Retired

	// copied, if not nil, is called with a connection that has it for itself, before
	// anything is done to it. An error ends the replacing.
	copied func(conn *sqlite.Conn) error
}

// replace gives the finished file at building the name of the old one. The caller has the
// tenant alone.
//
// In this order, each for what comes after it:
//
//  1. The old file is locked exclusively. Nobody has it open, and nobody who comes to open
//     it reads it: see sqlite.ErrMoved.
//  2. Its log is moved into it and removed. Until now the old tenant is whole; a log that
//     was left would be taken for one of the new file, and the old one would lack it.
//  3. The name is given to the new file, in one step: until here the old tenant, from here
//     on the new one. Removing the old file first would leave neither for a moment.
//  4. The old file, which has no name any more, is marked by the connection that has it,
//     for whoever had opened it before and is only now let in. Marked before step 3, the
//     tenant would be gone if the process died there. Nobody of Silo needs the mark, for
//     they see that the name is another file's.
//
// The transaction of the mark is begun before step 3 and committed after it. One that was
// begun afterwards would look for a log by the name, and find the new file's.
func (d *Dir) replace(ctx context.Context, a address, building, path string, old oldFile) (err error) {
	if at, err := d.finish(ctx, a, path); err != nil || at == absent {
		return errors.Join(err, ErrUnknownTenant) // deleted meanwhile
	}
	conn, err := d.take(ctx, a, path)
	broken := unreadable(err)
	if broken {
		if conn, err = d.seize(ctx, path); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	defer func() {
		// It has nothing more to write to the file: an error of closing it says nothing.
		if err := d.disconnect(conn); err != nil {
			d.options.Logger.Warn("tenantdb: closing the file that was replaced", slog.String("tenant", a.tenant.name), slog.Any("error", err))
		}
	}()
	if old.copied != nil && !broken {
		if err := old.copied(conn); err != nil {
			return err
		}
	}
	if err := d.files.Remove(beside(path)...); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return sqlite.Ended(ctx)
	}
	if old.kept != nil && !broken {
		if *old.kept, err = d.keep(a, conn, path); err != nil {
			return err
		}
	}
	if runtime.GOOS == "windows" {
		// A file that is open is not replaced there, by anybody: who opens this one
		// before it is has the step below fail.
		if err := d.disconnect(conn); err != nil {
			return err
		}
		return d.files.Move(building, path)
	}
	prepare := prepareMark
	if old.kept != nil {
		prepare = lockUnmarked
	}
	if !broken {
		if err := prepare(conn); err != nil {
			return err
		}
	}
	// If this fails, closing the connection undoes the mark.
	if err := d.files.Move(building, path); err != nil || broken {
		return err
	}
	conn.Unwatch() // what comes now, comes after the point of no return
	if err := conn.Exec("COMMIT"); err != nil {
		// The tenant is restored all the same.
		d.options.Logger.Warn("tenantdb: the file that was replaced could not be marked", slog.String("tenant", a.tenant.name), slog.Any("error", err))
	}
	return nil
}

// lockUnmarked is prepareMark for a file that is kept: the transaction writes nothing.
func lockUnmarked(conn *sqlite.Conn) error {
	if err := setJournal(conn, "memory"); err != nil {
		return err
	}
	return conn.Exec("BEGIN EXCLUSIVE")
}

// prepareMark begins the transaction that marks a file which is about to lose its name.
func prepareMark(conn *sqlite.Conn) error {
	// In memory, for a journal beside would be the new file's.
	if err := setJournal(conn, "memory"); err != nil {
		return err
	}
	if err := conn.Exec("BEGIN EXCLUSIVE"); err != nil {
		return err
	}
	return conn.Exec(fmt.Sprintf("PRAGMA application_id=%d", goneID))
}

// seize is take for a file that cannot be read.
func (d *Dir) seize(ctx context.Context, path string) (*sqlite.Conn, error) {
	conn, err := sqlite.Seize(ctx, path, exclusiveWait)
	if errors.Is(err, sqlite.ErrBusy) && ctx.Err() == nil {
		err = fmt.Errorf("%w: %w", ErrTenantOpenElsewhere, err)
	}
	return conn, err
}
