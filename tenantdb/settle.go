package tenantdb

import (
	"errors"
	"fmt"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// A commit that fails half way may leave all of its pages in the log, beyond what the
// index of the log says is its end: readers do not see them, and the next commit writes
// over them. But if every process that has the file open ends before there is one, the
// log is read from its beginning, and the commit counts after all. So the outcome is
// settled at once, or where that fails too when the file is next opened: before anybody
// here reads that the writes are not there.

// settle commits a change of nothing if a commit of the database's file failed in this
// process and that was not yet settled. While another process writes, which settles it too if
// it commits, nobody waits: the next opening tries again.
func (db *database) settle() error {
	key := db.address.tenant
	if _, unsettled := db.dir.unsettled.Load(key); !unsettled {
		return nil
	}
	conn := db.writer.conn
	conn.Unwatch() // so that no lock is waited for
	err := conn.BeginWrite()
	if errors.Is(err, sqlite.ErrBusy) {
		return nil
	}
	if err != nil {
		return err
	}
	// SQLite writes the page of the header even if it stays the same.
	if err := conn.Exec(fmt.Sprintf("PRAGMA application_id=%d", applicationID)); err != nil {
		return err // closing the connection rolls back
	}
	if err := conn.Commit(); err != nil {
		return err
	}
	db.dir.unsettled.Delete(key)
	return nil
}
