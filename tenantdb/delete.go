package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Delete removes the tenant and its data. It waits for calls that use the tenant,
// until ctx ends; if another process has the file open the error is
// [ErrTenantOpenElsewhere] and the tenant is as it was. Handles to the tenant are
// [ErrTenantGone] from then on, also when a tenant of the same ID is created. It
// must not be called from a callback of Write or Read of the tenant, for which it
// would wait. It does not need a tenant in ctx.
func (st *Store[S]) Delete(ctx context.Context, id ID) error {
	if st == nil || st.s == nil {
		return noHandle("delete")
	}
	return st.s.operate(ctx, "delete", id, func(a address, path string) error {
		// Mark and removal are one step to all who give or take names: what is removed is
		// the file that was marked.
		return a.dir.alone(ctx, id, func() error { return a.dir.deleteFile(ctx, a, path) })
	})
}

func (d *Dir) deleteFile(ctx context.Context, a address, path string) error {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return ErrUnknownTenant
	}
	// On a full disk there is no room for the mark; removing makes some.
	err := d.markGone(ctx, a, path)
	if errors.Is(err, errRetired) {
		// Its Retire was interrupted: the tenant is deleted, and can be brought back.
		_, err := d.moveRetired(ctx, a, path)
		return errors.Join(ErrUnknownTenant, err)
	}
	if err != nil && !errors.Is(err, ErrDiskFull) {
		return err
	}
	if err := d.removeFiles(path); err != nil {
		return fmt.Errorf("%w, delete it again: %w", ErrOutcomeUnknown, err)
	}
	return nil
}

// removeFiles removes a database and what SQLite keeps beside it. The database first:
// a log without a database is rubbish, a database without its log would be an older
// state of the tenant. The caller is within withNames.
func (d *Dir) removeFiles(path string) error {
	return d.files.Remove(append([]string{path}, beside(path)...)...)
}

// beside returns the names of what SQLite keeps beside a database.
func beside(path string) []string { return []string{path + "-wal", path + "-shm", path + "-journal"} }

// exclusiveWait is how long Delete waits for other processes to let go of the file.
// One that has it open does so for minutes; this is for one that is just closing it.
const exclusiveWait = 100 * time.Millisecond

// markGone takes the file for this process alone and writes into it that it is
// deleted, so that a process which opens it between that and its removal, or has
// found its name before, is refused.
func (d *Dir) markGone(ctx context.Context, a address, path string) error {
	err := d.markExclusively(ctx, a, path)
	if errors.Is(err, sqlite.ErrBusy) && ctx.Err() == nil {
		return ErrTenantOpenElsewhere
	}
	return err
}

func (d *Dir) markExclusively(ctx context.Context, a address, path string) (err error) {
	// Others that have the file open hold a lock on it for as long, so that the
	// first read of an exclusive connection is refused
	// (https://www.sqlite.org/pragma.html#pragma_locking_mode).
	conn, err := d.connect(ctx, path, exclusiveWait, sqlite.Config{Mode: sqlite.Exclusive})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	conn.Watch(ctx, exclusiveWait)
	if _, err := readIdentity(conn, a); err != nil && (!errors.Is(err, ErrTenantGone) || errors.Is(err, errRetired)) {
		return err
	}
	// Without a log, what follows is in the file itself when it is closed, and a
	// journal in memory is none that another file of the name could be taken to have.
	if err := conn.Exec("PRAGMA journal_mode=memory"); err != nil {
		return err
	}
	return conn.Exec(fmt.Sprintf("PRAGMA application_id=%d", goneID))
}
