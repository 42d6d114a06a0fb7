//go:build libc.memgrind

package tenantdb_test

import (
	"testing"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// startCount has libc keep its ledger, and fails the test at its end if there is anything
// in it that was not freed. No SQLite may have run before in this process: what was
// allocated then is not in the ledger, and freeing it would be an error.
func startCount(t *testing.T) func() int {
	t.Helper()
	// libc's copy of the environment is made by the first of these, and never freed.
	libc.NewTLS().Close()
	libc.MemAuditStart()
	t.Cleanup(func() {
		// What SQLite keeps for the life of the process it gives back now
		// (https://www.sqlite.org/c3ref/initialize.html).
		tls := libc.NewTLS()
		if rc := sqlite3.Xsqlite3_shutdown(tls); rc != sqlite3.SQLITE_OK {
			t.Errorf("sqlite3_shutdown: %d", rc)
		}
		tls.Close()
		if err := libc.MemAuditReport(); err != nil {
			t.Error(err)
		}
	})
	return func() int { return 0 } // the ledger is closed at the end alone
}
