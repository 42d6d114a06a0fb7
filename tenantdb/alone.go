package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// alone calls f while no call of this process uses the tenant, or with the zero ID the global
// database, or copies its file, and
// nobody gives or takes names: for work that removes or replaces the file. Calls that come
// meanwhile wait, until ctx ends.
func (d *Dir) alone(ctx context.Context, id ID, f func() error) error {
	return d.cache(address{tenant: id}).Evict(ctx, id, func() error {
		release, err := d.copies.fence(ctx, id)
		if err != nil {
			return err
		}
		defer release()
		return d.withNames(ctx, f)
	})
}

// take opens the file of a for this process alone, and has all of it in that one file:
// there is no log beside it, and as long as the connection is open nobody can make one.
// If another process has the file open the error is ErrTenantOpenElsewhere; of a file that
// is marked it is ErrTenantGone, and errRetired if that is its mark. The file holds what it
// held in any case. The caller is within withNames.
func (d *Dir) take(ctx context.Context, a address, path string) (*sqlite.Conn, error) {
	conn, err := d.takeOpen(ctx, a, path)
	if errors.Is(err, sqlite.ErrBusy) && ctx.Err() == nil {
		err = fmt.Errorf("%w: %w", ErrTenantOpenElsewhere, err)
	}
	return conn, err
}

func (d *Dir) takeOpen(ctx context.Context, a address, path string) (_ *sqlite.Conn, err error) {
	conn, err := d.connect(ctx, path, exclusiveWait, sqlite.Config{Mode: sqlite.Exclusive})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.disconnect(conn))
		}
	}()
	conn.Watch(ctx, exclusiveWait)
	if _, err := readIdentity(conn, a); err != nil {
		return nil, err
	}
	if err := setJournal(conn, "delete"); err != nil {
		return nil, err
	}
	// SQLite has the file to itself as long as it has a log. Without one it would only
	// after the first write.
	if err := conn.Exec("BEGIN EXCLUSIVE"); err != nil {
		return nil, err
	}
	if err := conn.Exec("COMMIT"); err != nil {
		return nil, err
	}
	if _, err := os.Lstat(path + "-wal"); err == nil {
		return nil, fmt.Errorf("%w: the log was left beside the file", ErrIO)
	}
	return conn, nil
}

// setJournal changes how the file is written; leaving a log moves it into the database.
// SQLite says in which mode it is then, and no error if that is the one it was in
// (https://www.sqlite.org/pragma.html#pragma_journal_mode).
func setJournal(conn *sqlite.Conn, mode string) error {
	var now string
	if _, err := conn.Once("PRAGMA journal_mode="+mode, func(row *sqlite.Stmt) { now = row.ColumnText(0) }); err != nil {
		return err
	}
	if now != mode {
		return fmt.Errorf("%w: SQLite kept journal_mode %s", ErrIO, now)
	}
	return nil
}

// unreadable reports whether an error means that nobody can use the file: then it is taken
// by its lock alone, and holds nothing that another could go on with.
func unreadable(err error) bool {
	return errors.Is(err, ErrCorrupt) || errors.Is(err, ErrNotADatabase)
}
