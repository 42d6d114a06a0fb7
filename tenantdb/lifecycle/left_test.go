package lifecycle_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

func TestADeletionThatDoctorFinishesKeepsItsReason(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "once")
	is, err := w.cat.Get(t.Context(), id)
	if err == nil {
		_, err = w.cat.SetState(t.Context(), id, is.Generation, catalog.Change{State: catalog.Deleting, Reason: "contract ended"})
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.findings(t.Context(), lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}); err != nil {
		t.Fatal(err)
	}
	if is, err := w.cat.Get(t.Context(), id); err != nil || is.State != catalog.Deleted || is.Reason != "contract ended" {
		t.Errorf("it is %q for %q, %v", is.State, is.Reason, err)
	}
}

func TestABackupThatHasLostItsDatabaseIsNotReliedOn(t *testing.T) {
	target := lifecycle.NewFolder(t.TempDir())
	w := newWorld(t, lifecycle.Options{Backups: target})
	id := w.create(t, "acme", "once")
	first, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// The tenant is open, so that its log tells that nothing was written.
	if again, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{}); err != nil || again.Skipped != lifecycle.SkippedUnchanged {
		t.Fatal(again, err)
	}
	lost, err := filepath.Glob(filepath.Join(target.Path(), "acme", "*.db"))
	if err != nil || len(lost) != 1 {
		t.Fatal(lost, err)
	}
	if err := os.Remove(lost[0]); err != nil {
		t.Fatal(err)
	}
	again, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{})
	if err != nil || again.Skipped != "" || again.Backup.Sequence <= first.Backup.Sequence {
		t.Errorf("got %+v, %v", again, err)
	}
}

// Its manifest says whose it is.
func TestEraseRemovesAnExportWhoseDatabaseIsDamaged(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "once")
	path := filepath.Join(t.TempDir(), "acme.tar")
	if _, err := w.m.Export(t.Context(), id, path); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 64<<10); err != nil {
		t.Fatal(err)
	}
	e, err := w.m.Erase(t.Context(), id)
	if err != nil || len(e.Exports) != 1 || exists(path) {
		t.Errorf("removed %+v, %v", e.Exports, err)
	}
}
