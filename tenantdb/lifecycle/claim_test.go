package lifecycle_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// last returns the error that ends what yields nothing else.
func last[V any](seq func(yield func(V, error) bool)) (err error) {
	for _, err = range seq {
		continue
	}
	return err
}

// Two data folders have a tenant acme each, and one place for backups.
func TestBackupsOfTwoDataFoldersNeverMeet(t *testing.T) {
	target := t.TempDir()
	first := newWorld(t, lifecycle.Options{Backups: lifecycle.NewFolder(target)})
	other := newWorld(t, lifecycle.Options{Backups: lifecycle.NewFolder(target), Rules: []lifecycle.BackupRule{{Retention: lifecycle.Retention{Last: 1}}}})
	id := first.create(t, "acme", "of the first")
	other.create(t, "acme", "of the other")
	first.backup(t, id)
	globex := first.create(t, "globex", "of the first")
	first.backup(t, globex)
	half := filepath.Join(target, "acme", "000000000002.db") // as if the first were at it
	if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := contentOf(t, target)
	ctx := t.Context()
	for name, do := range map[string]func() error{
		"backup":        func() error { _, err := other.m.Backup(ctx, id, lifecycle.BackupOptions{}); return err },
		"its rehearsal": func() error { _, err := other.m.RehearseBackup(ctx, id, lifecycle.BackupOptions{}); return err },
		"global backup": func() error { _, err := other.m.BackupGlobal(ctx, lifecycle.BackupOptions{}); return err },
		"backup of all": func() error { return last(other.m.BackupAll(ctx, catalog.Filter{}, lifecycle.BackupOptions{})) },
		"rehearsal of a backup of all": func() error {
			return last(other.m.RehearseBackups(ctx, catalog.Filter{}, lifecycle.BackupOptions{}))
		},
		"restore": func() error { _, err := other.m.Restore(ctx, id, lifecycle.Last); return err },
		"global restore": func() error {
			_, err := lifecycle.RestoreGlobal(ctx, other.dir, lifecycle.Last, lifecycle.Options{Backups: lifecycle.NewFolder(target)})
			return err
		},
		"rehearsal of a global restore": func() error {
			_, err := lifecycle.InspectGlobal(ctx, other.dir, lifecycle.Last, lifecycle.Options{Backups: lifecycle.NewFolder(target)})
			return err
		},
		"erase": func() error { _, err := other.m.Erase(ctx, id); return err },
		"prune": func() error { return last(other.m.Prune(ctx, id, lifecycle.PruneOptions{})) },
		"prune rehearsal": func() error {
			return last(other.m.Prune(ctx, tenantdb.ID{}, lifecycle.PruneOptions{Mode: lifecycle.PruneRehearse}))
		},
		"a tenant whose ID is in use there": func() error { _, err := other.m.Create(ctx, creation{ID: globex}); return err },
		"status":                            func() error { return last(other.m.BackupStatuses(ctx, catalog.Filter{})) },
	} {
		err := do()
		var own *tenantdb.Error
		if !errors.Is(err, lifecycle.ErrForeignBackups) || !errors.As(err, &own) || own.Hint == "" {
			t.Errorf("%s: got %v, want %v and what to do", name, err, lifecycle.ErrForeignBackups)
		}
	}
	other.wantFound(t, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}, []string{"foreign backups none"})
	if after := contentOf(t, target); after != before {
		t.Errorf("in the target there is\n%s\nthere was\n%s", after, before)
	}
	other.wantValue(t, id, "made", "of the other")
	first.wantFound(t, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}, []string{"half backup mended"})
	first.wantHealthy(t)
}

// A new folder reads the backups of one that is gone, and goes on with them once it is told to.
func TestADataFolderTakesThePlaceOfOneThatIsGone(t *testing.T) {
	target := t.TempDir()
	options := lifecycle.Options{Backups: lifecycle.NewFolder(target)}
	gone := newWorld(t, options)
	id := gone.create(t, "acme", "first")
	gone.backup(t, id)
	w := newWorld(t, options)
	if _, err := w.m.Restore(t.Context(), id, lifecycle.Last); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, id, "made", "first")
	_, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{})
	wantErr(t, err, lifecycle.ErrForeignBackups)
	if err := os.Remove(filepath.Join(target, "owner.json")); err != nil {
		t.Fatal(err)
	}
	if b := w.backup(t, id); b.Sequence != 2 {
		t.Errorf("got %+v", b)
	}
	w.wantHealthy(t)
	_, err = gone.m.Backup(t.Context(), id, lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged})
	wantErr(t, err, lifecycle.ErrForeignBackups)
}

// A data folder that is moved keeps its backups.
func TestADataFolderThatWasMovedGoesOnWithItsBackups(t *testing.T) {
	options, folder := lifecycle.Options{Backups: lifecycle.NewFolder(t.TempDir())}, t.TempDir()
	before, after := filepath.Join(folder, "before"), filepath.Join(folder, "after")
	in := func(path string, do func(context.Context, world) error) {
		dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		w, err := enter(t.Context(), dir, options)
		if err == nil {
			err = do(t.Context(), w)
		}
		if err := errors.Join(err, dir.Close()); err != nil {
			t.Fatal(err)
		}
	}
	in(before, then(makeAcme, backUp))
	if err := os.Rename(before, after); err != nil {
		t.Fatal(err)
	}
	in(after, then(put("second"), backUp, backups(acme, 1, 2)))
}

// What says whose backups they are, and cannot be read, is taken for another's.
func TestAClaimThatCannotBeReadIsAnothers(t *testing.T) {
	for _, content := range []string{"", "{", "null", `{"format":2}`, `{"format":1,"folder":""}`} {
		target := t.TempDir()
		if err := os.WriteFile(filepath.Join(target, "owner.json"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, lifecycle.Options{Backups: lifecycle.NewFolder(target)})
		_, err := w.m.Backup(t.Context(), w.create(t, "acme", "first"), lifecycle.BackupOptions{})
		wantErr(t, err, lifecycle.ErrForeignBackups)
	}
}

// contentOf returns the names and texts of the files below a folder.
func contentOf(t *testing.T, folder string) (text string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(folder, path))
		text += path + " " + lifecycle.SumOf(content) + "\n"
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}
