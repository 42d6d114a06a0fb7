package lifecycle_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func (w world) backup(t testing.TB, id tenantdb.ID) lifecycle.Backup {
	t.Helper()
	b, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return b.Backup
}

// sequences returns the numbers of a tenant's backups.
func (w world) sequences(t testing.TB, id tenantdb.ID) (list []int64) {
	t.Helper()
	for b, err := range w.m.Backups(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, b.Sequence)
	}
	return list
}

func TestABackupIsRestoredAndTheRestoreUndone(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "first")
	first := w.backup(t, id)
	if first.Sequence != 1 || first.Database.Tenant != id || first.Database.SchemaVersion == 0 {
		t.Errorf("got %+v", first)
	}
	if err := w.put(id, "made", "second"); err != nil {
		t.Fatal(err)
	}
	done, err := w.m.Restore(t.Context(), id, first.Sequence)
	if err != nil || done.Previous == nil || done.Previous.Sequence != 2 {
		t.Fatalf("got %+v, %v", done, err)
	}
	w.wantValue(t, id, "made", "first")
	if _, err := w.m.Restore(t.Context(), id, done.Previous.Sequence); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, id, "made", "second")
	_, err = w.m.Restore(t.Context(), id, 99)
	wantErr(t, err, lifecycle.ErrNoBackup)
	if got, err := w.m.RestoreAs(t.Context(), id, 1, creation{ID: tenanttest.ID(t, "copy"), DisplayName: "Copy"}); err != nil || got.DisplayName != "Copy" {
		t.Fatalf("got %+v, %v", got, err)
	}
	w.wantValue(t, tenanttest.ID(t, "copy"), "made", "first")
	w.wantHealthy(t)
}

func TestATenantThatHasNotChangedIsNotBackedUpAgain(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "first")
	if err := w.put(id, "a", "b"); err != nil {
		t.Fatal(err)
	}
	w.backup(t, id)
	again, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{})
	if err != nil || again.Skipped != lifecycle.SkippedUnchanged || again.Backup.Sequence != 1 {
		t.Errorf("got %+v, %v", again, err)
	}
	forced, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged})
	if err != nil || forced.Skipped != "" || forced.Backup.Sequence != 2 {
		t.Errorf("got %+v, %v", forced, err)
	}
	if err := w.put(id, "a", "c"); err != nil {
		t.Fatal(err)
	}
	changed, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{})
	if err != nil || changed.Skipped != "" {
		t.Errorf("got %+v, %v", changed, err)
	}
}

func TestBackupAllTakesEachTenantThatHasAFile(t *testing.T) {
	w := newWorld(t, lifecycle.Options{Workers: 3})
	want := []string{"a", "b", "c", "unknown"}
	for _, name := range want[:3] {
		w.create(t, name, name)
	}
	if err := w.store.Create(t.Context(), tenanttest.ID(t, "unknown")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Delete(t.Context(), w.create(t, "gone", ""), ""); err != nil {
		t.Fatal(err)
	}
	if err := w.cat.SetLabels(t.Context(), tenanttest.ID(t, "b"), map[string]string{"plan": "pro"}); err != nil {
		t.Fatal(err)
	}
	all := func(filter catalog.Filter) (got []string) {
		for b, err := range w.m.BackupAll(t.Context(), filter, lifecycle.BackupOptions{}) {
			if err := errors.Join(err, b.Err); err != nil {
				t.Error(err)
			}
			got = append(got, b.Tenant.String())
		}
		slices.Sort(got)
		return got
	}
	if got := all(catalog.Filter{}); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if got := all(catalog.Filter{Label: "plan", Value: "pro"}); !slices.Equal(got, []string{"b"}) {
		t.Errorf("by label: %q", got)
	}
	for range w.m.BackupAll(t.Context(), catalog.Filter{}, lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged}) {
		break // the others end
	}
	w.wantHealthy(t)
}

func TestPruneKeepsTheLastOnesTheYoungOnesAndTheNewest(t *testing.T) {
	at := &clock{now: time.Now()}
	w := newWorld(t, lifecycle.Options{Now: at.Now})
	id := w.create(t, "acme", "")
	backups := func() {
		for range 5 {
			if _, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged}); err != nil {
				t.Fatal(err)
			}
		}
	}
	prune := func(o lifecycle.PruneOptions) (list []int64) {
		for p, err := range w.m.Prune(t.Context(), tenantdb.ID{}, o) {
			if err := errors.Join(err, p.Err); err != nil {
				t.Fatal(err)
			}
			list = append(list, p.Backup.Sequence)
		}
		return list
	}
	backups()
	keep := func(r lifecycle.Retention) lifecycle.PruneOptions {
		return lifecycle.PruneOptions{Rules: []lifecycle.BackupRule{{Retention: r}}}
	}
	keepThree := keep(lifecycle.Retention{Last: 3})
	keepThree.Mode = lifecycle.PruneRehearse
	if got := prune(keepThree); !slices.Equal(got, []int64{1, 2}) || len(w.sequences(t, id)) != 5 {
		t.Errorf("rehearsal: %v", got)
	}
	keepThree.Mode = lifecycle.PruneRemove
	if got := prune(keepThree); !slices.Equal(got, []int64{1, 2}) || !slices.Equal(w.sequences(t, id), []int64{3, 4, 5}) {
		t.Errorf("removed %v, %v are left", got, w.sequences(t, id))
	}
	if got := prune(keep(lifecycle.Retention{For: time.Hour})); len(got) != 0 {
		t.Errorf("young ones were removed: %v", got)
	}
	if err := w.cat.SetLabels(t.Context(), id, map[string]string{"plan": "pro"}); err != nil {
		t.Fatal(err)
	}
	at.now = at.now.Add(2 * time.Hour)
	byLabel := lifecycle.PruneOptions{Rules: []lifecycle.BackupRule{
		{Label: "plan", Value: "free", Retention: lifecycle.Retention{Last: 1}},
		{Label: "plan", Value: "pro", Retention: lifecycle.Retention{Last: 2}},
	}}
	if got := prune(byLabel); !slices.Equal(got, []int64{3}) {
		t.Errorf("by label: %v", got)
	}
	if got := prune(lifecycle.PruneOptions{}); len(got) != 0 {
		t.Errorf("without rules all stay, not %v", got)
	}
	others := keep(lifecycle.Retention{Last: 1})
	others.Filter = catalog.Filter{Label: "plan", Value: "free"}
	if got := prune(others); len(got) != 0 {
		t.Errorf("they are not of the filter's: %v", got)
	}
	if got := prune(keep(lifecycle.Retention{For: time.Nanosecond})); !slices.Equal(got, []int64{4}) {
		t.Errorf("the newest stays: %v", got)
	}
	backups()
	if got := w.sequences(t, id); !slices.Equal(got, []int64{5, 6, 7, 8, 9, 10}) {
		t.Errorf("then %v", got)
	}
}

func TestVerifyFindsWhatIsWrongWithABackup(t *testing.T) {
	for name, tt := range map[string]struct {
		damage func(database, manifest string) error
		want   error
	}{
		"nothing":         {func(_, _ string) error { return nil }, nil},
		"a flipped byte":  {flip, lifecycle.ErrBadBackup},
		"cut off":         {func(database, _ string) error { return os.Truncate(database, 4096) }, lifecycle.ErrBadBackup},
		"no database":     {func(database, _ string) error { return os.Remove(database) }, lifecycle.ErrBadBackup},
		"no manifest":     {func(_, manifest string) error { return os.Remove(manifest) }, lifecycle.ErrNoBackup},
		"a manifest of {": {func(_, manifest string) error { return os.WriteFile(manifest, []byte("{"), 0o600) }, lifecycle.ErrBadBackup},
	} {
		t.Run(name, func(t *testing.T) {
			target := t.TempDir() // not in the folder whose databases are checked at the end
			w := newWorld(t, lifecycle.Options{Backups: lifecycle.NewFolder(target)})
			id := w.create(t, "acme", "first")
			b := w.backup(t, id)
			database := filepath.Join(target, "acme", "000000000001.db")
			if err := tt.damage(database, filepath.Join(target, "acme", "000000000001.json")); err != nil {
				t.Fatal(err)
			}
			_, err := w.m.Verify(t.Context(), id, b.Sequence)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if tt.want == nil {
				return
			}
			_, err = w.m.Restore(t.Context(), id, b.Sequence)
			wantErr(t, err, tt.want)
			w.wantValue(t, id, "made", "first")
		})
	}
}

func flip(path string, _ string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	content[len(content)/2] ^= 1
	return errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, content, 0o600))
}

func TestAFolderNeverReplacesAnObjectAndRefusesOtherNames(t *testing.T) {
	folder := lifecycle.NewFolder(t.TempDir())
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := lifecycle.File{Path: path, Size: 3, SHA256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}
	if err := folder.Put(t.Context(), "acme/1.db", file); err != nil {
		t.Fatal(err)
	}
	wantErr(t, folder.Put(t.Context(), "acme/1.db", file), fs.ErrExist)
	for _, name := range []string{"", ".", "../x", "/x", "a/../../x", "a//b"} {
		wantErr(t, folder.Put(t.Context(), name, file), fs.ErrInvalid)
		_, err := folder.Get(t.Context(), name)
		wantErr(t, err, fs.ErrInvalid)
	}
	if err := errors.Join(folder.Remove(t.Context(), "acme/1.db"), folder.Remove(t.Context(), "acme/1.db")); err != nil {
		t.Error(err)
	}
	if exists(filepath.Join(folder.Path(), "acme")) {
		t.Error("the empty folder stays")
	}
}
