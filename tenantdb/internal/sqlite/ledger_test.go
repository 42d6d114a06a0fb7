//go:build libc.memgrind

package sqlite_test

import (
	"testing"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// With the build tag libc.memgrind libc keeps a ledger of what it has given out, and
// stops at memory that is freed twice or was never given out, such as a part of a
// connection's own that a schema would refer to after it. The test is run alone, by make
// memory: what was given out before is not in the ledger.
func TestWhatASchemaRefersToIsNoConnectionsMemory(t *testing.T) {
	libc.NewTLS().Close() // allocates once for the process
	libc.MemAuditStart()
	kept := new(sqlite.Schemas)
	one, other := file(t, everything...), file(t, everything[:2]...)
	for range 5 {
		visit(t, kept, one, useAll...)
		visit(t, kept, one, append(useAll, "ALTER TABLE child ADD COLUMN x", "ALTER TABLE child DROP COLUMN x")...)
		visit(t, kept, other, "BEGIN", "CREATE TABLE undone (a)")
		visit(t, kept, other)
	}
	kept.Close()
	tls := libc.NewTLS()
	if rc := sqlite3.Xsqlite3_shutdown(tls); rc != sqlite3.SQLITE_OK {
		t.Errorf("sqlite3_shutdown: %d", rc)
	}
	tls.Close()
	if err := libc.MemAuditReport(); err != nil {
		t.Error(err)
	}
}
