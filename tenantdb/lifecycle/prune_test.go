package lifecycle_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/lifecycle"
)

func TestPruneDoesNotCountBackupsThatCannotBeRestored(t *testing.T) {
	for damage, f := range map[string]func(folder string) error{
		"no database":        func(folder string) error { return os.Remove(filepath.Join(folder, "000000000003.db")) },
		"a damaged manifest": func(folder string) error { return os.Truncate(filepath.Join(folder, "000000000003.json"), 10) },
	} {
		t.Run(damage, func(t *testing.T) {
			w := newWorld(t, lifecycle.Options{Rules: keeping(1)})
			id := w.create(t, "acme", "once")
			for range 3 {
				if _, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged}); err != nil {
					t.Fatal(err)
				}
			}
			if err := f(filepath.Join(w.dir.Path(), "backups", "acme")); err != nil {
				t.Fatal(err)
			}
			var removed []int64
			for p, err := range w.m.Prune(t.Context(), id, lifecycle.PruneOptions{}) {
				if err != nil || p.Err != nil {
					t.Fatal(err, p.Err)
				}
				removed = append(removed, p.Backup.Sequence)
			}
			if len(removed) != 1 || removed[0] != 1 {
				t.Errorf("removed %v, want 1 alone", removed)
			}
			if _, err := w.m.Verify(t.Context(), id, 2); err != nil {
				t.Errorf("the last one that is whole: %v", err)
			}
		})
	}
}
