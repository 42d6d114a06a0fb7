package tenantdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/silokit/silo/tenantdb/internal/durable"
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
	return st.s.delete(ctx, id)
}

func (s *store) delete(ctx context.Context, id ID) error {
	a := address{dir: s.dir, def: s.def, tenant: id}
	if id.IsZero() {
		return &Error{Op: "delete", Err: ErrNoTenant, Hint: "the ID is zero; make it with ParseID"}
	}
	if inTransaction(ctx, &a) {
		return &Error{Op: "delete", Tenant: id, Err: ErrNested, Hint: "delete the tenant outside its transactions"}
	}
	path := s.dir.path(a)
	err := s.dir.tenants.Evict(ctx, id, func() error {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return ErrUnknownTenant
		}
		if err := s.dir.markGone(ctx, a, path); err != nil {
			return err
		}
		// The database first: a log without a database is rubbish, a database
		// without its log would be an older state of the tenant.
		return durable.Remove(path, path+"-wal", path+"-shm", path+"-journal")
	})
	if err != nil {
		return &Error{Op: "delete", Tenant: id, Path: path, Err: err, Hint: hintFor(err)}
	}
	return nil
}

// markGone takes the file for this process alone and writes into it that it is
// deleted, so that a process which opens it between that and its removal, or has
// found its name before, is refused.
func (d *Dir) markGone(ctx context.Context, a address, path string) (err error) {
	conn, err := d.connect(ctx, path, d.options.WriteWait, sqlite.Config{Mode: sqlite.Exclusive})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.disconnect(conn)) }()
	conn.Watch(ctx, d.options.WriteWait)
	if _, err := readIdentity(conn, a.def); err != nil && !errors.Is(err, ErrTenantGone) {
		return err
	}
	// Leaving WAL mode is what SQLite does only for the one connection that is
	// left (https://www.sqlite.org/wal.html#persistence_of_wal_mode), and in
	// exclusive mode the lock is kept until the connection is closed.
	mode := ""
	_, err = conn.QueryRow("PRAGMA journal_mode=delete", func(row *sqlite.Stmt) { mode = row.ColumnText(0) })
	if errors.Is(err, sqlite.ErrBusy) && ctx.Err() == nil || err == nil && mode != "delete" {
		return ErrTenantOpenElsewhere
	}
	if err != nil {
		return err
	}
	return conn.Exec(fmt.Sprintf("PRAGMA application_id=%d", goneID))
}
