package lifecycle_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/lifecycle"
)

// fullTarget takes nothing while it is full.
type fullTarget struct {
	*lifecycle.Folder
	full bool
}

func (f *fullTarget) Put(ctx context.Context, name string, file lifecycle.File) error {
	if f.full {
		return errors.New("the target is full")
	}
	return f.Folder.Put(ctx, name, file)
}

// Of a tenant that is deleted there may be two retired files: its own, and what a Restore has
// replaced and could not back up. By their names the latter may be the later one: they have the
// time of the clock, in seconds.
func TestUndeleteBringsBackWhatWasDeletedAndNotWhatARestoreHasKept(t *testing.T) {
	target := &fullTarget{Folder: lifecycle.NewFolder(filepath.Join(t.TempDir(), "backups"))}
	w := newWorld(t, lifecycle.Options{Backups: target})
	id := w.create(t, "acme", "in the backup")
	if _, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := w.put(id, "made", "replaced"); err != nil {
		t.Fatal(err)
	}
	target.full = true
	if r, err := w.m.Restore(t.Context(), id, lifecycle.Last); err != nil || r.PreviousErr == nil {
		t.Fatalf("got %+v, %v", r, err)
	}
	kept, err := filepath.Glob(filepath.Join(w.dir.Path(), "deleted", "acme.*.db"))
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	// The clock was ahead when that was kept.
	parts := strings.Split(filepath.Base(kept[0]), ".")
	parts[1] = "20991231T235959Z"
	if err := os.Rename(kept[0], filepath.Join(filepath.Dir(kept[0]), strings.Join(parts, "."))); err != nil {
		t.Fatal(err)
	}
	if err := w.put(id, "written", "since"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Delete(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Undelete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, id, "made", "in the backup")
	w.wantValue(t, id, "written", "since")
	// What was kept is backed up with the next backup.
	target.full = false
	if done, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{}); err != nil || done.Backup.Sequence != 3 {
		t.Errorf("got %+v, %v", done, err)
	}
	w.wantHealthy(t)
}
