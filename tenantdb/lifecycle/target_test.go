package lifecycle_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// faulty is a Target whose Put of names with that ending fails.
type faulty struct {
	lifecycle.Target
	ending string
}

func (f *faulty) Put(ctx context.Context, name string, file lifecycle.File) error {
	if f.ending != "" && strings.HasSuffix(name, f.ending) {
		return errNo
	}
	return f.Target.Put(ctx, name, file)
}

func TestABackupThatTheTargetDoesNotTakeLeavesNothing(t *testing.T) {
	target := &faulty{Target: lifecycle.NewFolder(t.TempDir())}
	w := newWorld(t, lifecycle.Options{Backups: target})
	id := w.create(t, "acme", "first")
	for _, target.ending = range []string{".db", "1.json"} {
		_, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{})
		wantErr(t, err, errNo)
		for object, err := range target.List(t.Context(), "acme/") {
			t.Errorf("%s: there is %v, %v", target.ending, object, err)
		}
		w.wantHealthy(t)
	}
	target.ending = ""
	if b := w.backup(t, id); b.Sequence != 1 {
		t.Errorf("got %+v", b)
	}
}

// The tenant is restored all the same, and what was there is kept until it can be backed up.
func TestARestoreKeepsWhatTheTargetDoesNotTake(t *testing.T) {
	target := &faulty{Target: lifecycle.NewFolder(t.TempDir())}
	w := newWorld(t, lifecycle.Options{Backups: target})
	id := w.create(t, "acme", "first")
	w.backup(t, id)
	if err := w.put(id, "made", "second"); err != nil {
		t.Fatal(err)
	}
	target.ending = ".db"
	done, err := w.m.Restore(t.Context(), id, lifecycle.Last)
	if err != nil || done.Previous != nil || !errors.Is(done.PreviousErr, errNo) {
		t.Fatalf("got %+v, %v", done, err)
	}
	w.wantValue(t, id, "made", "first")
	w.wantFound(t, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}, []string{"interrupted failed"})
	target.ending = ""
	w.wantFound(t, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}, []string{"interrupted mended"})
	w.wantHealthy(t)
	if _, err := w.m.Restore(t.Context(), id, lifecycle.Last); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, id, "made", "second")
}

func TestAFolderOnAnotherFileSystemGetsACopyThatIsCompared(t *testing.T) {
	folder, err := os.MkdirTemp("/dev/shm", "silo") //nolint:usetesting // another file system than that of t.TempDir
	if err != nil {
		t.Skip("there is no other file system here: ", err)
	}
	defer os.RemoveAll(folder)
	w := newWorld(t, lifecycle.Options{Backups: lifecycle.NewFolder(folder)})
	id := w.create(t, "acme", "first")
	b := w.backup(t, id)
	if _, err := w.m.Verify(t.Context(), id, b.Sequence); err != nil {
		t.Error(err)
	}
	// A file that is not what is said of it is not put there.
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	other := lifecycle.NewFolder(folder)
	err = other.Put(t.Context(), "acme/000000000009.db", lifecycle.File{Path: path, Size: 3, SHA256: "00"})
	if err == nil {
		t.Skip("it is the same file system, where nothing is copied")
	}
	wantErr(t, err, lifecycle.ErrBadBackup)
	entries, err := os.ReadDir(filepath.Join(folder, "acme"))
	if err != nil || len(entries) != 2 {
		t.Errorf("there are %v, %v", entries, err)
	}
}

func TestADamagedTenantIsRestoredThoughItCannotBeKept(t *testing.T) {
	folder := t.TempDir()
	prepareFolder(t, folder, crash{prepare: then(makeAcme, backUp)})
	path := filepath.Join(folder, "tenants", "acme.db")
	if err := os.WriteFile(path, []byte("this is no database, and has more bytes than SQLite's header has: one hundred, so it must be longer than that"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := worldIn(t, folder, lifecycle.Options{})
	if _, err := w.m.Quarantine(t.Context(), acme, "it is damaged"); err != nil {
		t.Fatal(err)
	}
	done, err := w.m.Restore(t.Context(), acme, lifecycle.Last)
	if err != nil || done.Previous != nil || done.PreviousErr == nil {
		t.Fatalf("got %+v, %v", done, err)
	}
	if _, err := w.m.Resume(t.Context(), acme); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, acme, "made", "first")
	w.wantHealthy(t)
}

func TestATenantThatHasLostItsFileGetsOneFromABackup(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "first")
	w.backup(t, id)
	if err := w.store.Delete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Restore(t.Context(), id, lifecycle.Last); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, id, "made", "first")
	if _, err := w.m.RestoreAs(t.Context(), id, lifecycle.Last, creation{ID: tenanttest.ID(t, "copy")}); err != nil {
		t.Error(err)
	}
	w.wantHealthy(t)
}
