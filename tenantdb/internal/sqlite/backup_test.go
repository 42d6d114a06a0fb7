package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

func TestABackupIsOfTheSnapshotThatItsSourceHas(t *testing.T) {
	dir := folder(t)
	path := filepath.Join(dir, "a.db")
	withLog(t, path)
	writer := open(t, path, sqlite.Config{})
	for i := range 50 {
		exec(t, writer, fmt.Sprintf("INSERT INTO t VALUES (printf('%%04000d', %d))", i))
	}
	source := open(t, path, sqlite.Config{})
	if err := source.BeginRead(); err != nil {
		t.Fatal(err)
	}
	if err := source.TakeSnapshot(); err != nil {
		t.Fatal(err)
	}
	target := open(t, filepath.Join(dir, "b.db"), sqlite.Config{Mode: sqlite.Create})
	backup, err := sqlite.NewBackup(target, source)
	if err != nil {
		t.Fatal(err)
	}
	last := 1 << 30
	for done := false; !done; {
		if done, err = backup.Step(5); err != nil {
			t.Fatal(err)
		}
		all, left := backup.Pages()
		if left >= last || all < 50 {
			t.Errorf("%d of %d pages are left after %d", left, all, last)
		}
		last = left
		exec(t, writer, "INSERT INTO t VALUES ('meanwhile')")
	}
	if err := backup.Close(); err != nil {
		t.Fatal(err)
	}
	if err := backup.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	var n int64
	if _, err := target.QueryRow("SELECT count(*) FROM t", func(row *sqlite.Stmt) { n = row.ColumnInt(0) }); err != nil || n != 50 {
		t.Errorf("the copy has %d rows, %v", n, err)
	}
	if err := target.IntegrityCheck(); err != nil {
		t.Error(err)
	}
}
