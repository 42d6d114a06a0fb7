package tenantdb_test

import (
	"path/filepath"
	"syscall"
	"testing"
)

// makePipe makes a named pipe of which nobody has the other end.
func makePipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe.db")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
