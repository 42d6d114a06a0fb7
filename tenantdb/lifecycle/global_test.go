package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// restoreGlobal restores the global database of a folder that w has open, and opens it anew.
func restoreGlobal(ctx context.Context, w world, sequence int64) (world, lifecycle.Restored, error) {
	done, err := lifecycle.RestoreGlobalBy(ctx, w.m, sequence)
	if err != nil {
		return w, done, err
	}
	w, err = enter(ctx, w.dir, lifecycle.Options{})
	return w, done, err
}

func addUser(ctx context.Context, w world, name string) error {
	_, err := global.New(w.global).CreateUser(ctx, global.CreateUserParams{ID: name, Email: name + "@example.com", Name: name})
	return err
}

func hasUser(ctx context.Context, w world, name string) error {
	_, err := global.New(w.global).GetUserByEmail(ctx, name+"@example.com")
	return err
}

func TestAnOlderGlobalDatabaseBesideNewerTenantsIsReconciled(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	ctx := t.Context()
	for _, name := range []string{"same", "erased", "deleted", "suspended"} {
		w.create(t, name, name)
	}
	if err := addUser(ctx, w, "ada"); err != nil {
		t.Fatal(err)
	}
	first, err := w.m.BackupGlobal(ctx, lifecycle.BackupOptions{})
	if err != nil || !first.Backup.Global() || first.Backup.Sequence != 1 {
		t.Fatalf("got %+v, %v", first, err)
	}
	if again, err := w.m.BackupGlobal(ctx, lifecycle.BackupOptions{}); err != nil || again.Skipped != lifecycle.SkippedUnchanged {
		t.Errorf("again: %+v, %v", again, err)
	}
	// What the backup does not know.
	w.create(t, "created", "created")
	_, err = w.m.Erase(ctx, mustID("erased"))
	_, err2 := w.m.Delete(ctx, mustID("deleted"), "left")
	_, err3 := w.m.Suspend(ctx, mustID("suspended"), lifecycle.SuspendOptions{})
	if err := errors.Join(err, err2, err3, addUser(ctx, w, "bob")); err != nil {
		t.Fatal(err)
	}
	old := w
	w, done, err := restoreGlobal(ctx, w, lifecycle.Last)
	if err != nil || done.Backup.Sequence != 1 || done.Previous == nil || done.Previous.Sequence != 2 || done.PreviousErr != nil {
		t.Fatalf("got %+v, %v", done, err)
	}
	if err := hasUser(ctx, old, "ada"); !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("a handle from before: %v", err)
	}
	if err := hasUser(ctx, w, "ada"); err != nil || hasUser(ctx, w, "bob") == nil {
		t.Errorf("the application's rows: %v, %v", err, hasUser(ctx, w, "bob"))
	}
	list, err := w.findings(ctx, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]lifecycle.Finding{}
	for _, f := range list {
		got[f.Tenant.String()] = f
	}
	for name, want := range map[string]lifecycle.FindingKind{"created": lifecycle.FoundOrphanFile, "erased": lifecycle.FoundMissingFile, "deleted": lifecycle.FoundMissingFile} {
		if got[name].Kind != want {
			t.Errorf("of %s Doctor finds %+v, want %s", name, got[name], want)
		}
	}
	if len(got) != 3 || got["created"].Remedy != lifecycle.RemedyMended {
		t.Errorf("Doctor finds %+v", list)
	}
	w.wantValue(t, mustID("created"), "made", "created")
	w.wantValue(t, mustID("same"), "made", "same")
	// As Doctor advises of the two.
	_, err = w.m.Erase(ctx, mustID("erased"))
	_, err2 = w.m.Delete(ctx, mustID("deleted"), "")
	_, err3 = w.m.Undelete(ctx, mustID("deleted"))
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	w.wantValue(t, mustID("deleted"), "made", "deleted")
	w.wantHealthy(t)
	// Undone, it is what it was to the last commit.
	if w, _, err = restoreGlobal(ctx, w, 2); err != nil {
		t.Fatal(err)
	}
	w.wantState(t, mustID("suspended"), catalog.Suspended)
	if err := hasUser(ctx, w, "bob"); err != nil {
		t.Error(err)
	}
}

func TestAGlobalDatabaseIsRestoredWhereThereIsNoneOrADamagedOne(t *testing.T) {
	for name, damage := range map[string]func(path string) error{
		"none":    os.Remove,
		"damaged": func(path string) error { return os.WriteFile(path, []byte("no database"), 0o600) },
		"cut off": func(path string) error { return os.Truncate(path, 5000) },
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			prepareFolder(t, folder, crash{prepare: then(makeAcme, func(ctx context.Context, w world) error {
				_, err := w.m.BackupGlobal(ctx, lifecycle.BackupOptions{})
				return err
			})})
			if err := damage(filepath.Join(folder, "global.db")); err != nil {
				t.Fatal(err)
			}
			dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
			if err != nil {
				t.Fatal(err)
			}
			defer dir.Close()
			done, err := lifecycle.RestoreGlobal(t.Context(), dir, 1, lifecycle.Options{})
			if err != nil || done.Previous != nil || (done.PreviousErr == nil) != (name == "none") {
				t.Fatalf("got %+v, %v", done, err)
			}
			w, err := enter(t.Context(), dir, lifecycle.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := has(acme, "first")(t.Context(), w); err != nil {
				t.Error(err)
			}
			w.wantHealthy(t)
		})
	}
}

func TestAGlobalDatabaseThatAnotherProcessHasOpenIsNotReplaced(t *testing.T) {
	folder := t.TempDir()
	w := worldIn(t, folder, lifecycle.Options{})
	if err := makeAcme(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.BackupGlobal(t.Context(), lifecycle.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	s := serve(t, folder, "acme")
	_, _, err := restoreGlobal(t.Context(), w, 1)
	wantErr(t, err, tenantdb.ErrTenantOpenElsewhere)
	s.tell("resolve")
	s.want("first")
	if err := addUser(t.Context(), w, "ada"); err != nil {
		t.Errorf("a handle from before: %v", err)
	}
}

func TestABadBackupOfTheGlobalDatabaseIsFoundAndNotRestored(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	for range 3 {
		if _, err := w.m.BackupGlobal(t.Context(), lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged}); err != nil {
			t.Fatal(err)
		}
	}
	name := func(sequence int, extension string) string {
		return filepath.Join(w.dir.Path(), "backups", "global.db", fmt.Sprintf("%012d.%s", sequence, extension))
	}
	if err := flip(name(2, "db"), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.VerifyGlobal(t.Context(), 1); err != nil {
		t.Error(err)
	}
	_, err := w.m.VerifyGlobal(t.Context(), 2)
	wantErr(t, err, lifecycle.ErrBadBackup)
	_, err = lifecycle.InspectGlobal(t.Context(), w.dir, 2, lifecycle.Options{})
	wantErr(t, err, lifecycle.ErrBadBackup)
	_, err = lifecycle.RestoreGlobal(t.Context(), w.dir, 2, lifecycle.Options{})
	wantErr(t, err, lifecycle.ErrBadBackup)
	_, err = lifecycle.RestoreGlobal(t.Context(), w.dir, 7, lifecycle.Options{})
	wantErr(t, err, lifecycle.ErrNoBackup)
	// A tenant's backup in the place of one of the global database is none of it.
	b := w.backup(t, w.create(t, "acme", ""))
	err = catalog.Restore(t.Context(), w.dir, tenantdb.Source{
		Path: filepath.Join(w.dir.Path(), "backups", "acme", "000000000001.db"), SHA256: b.Database.SHA256,
	}, tenantdb.GlobalRestoreOptions{})
	wantErr(t, err, tenantdb.ErrUnfit, tenantdb.ErrWrongSchema)
	// They are pruned like tenants', by themselves or with all.
	var pruned []int64
	rules := []lifecycle.BackupRule{{Tenant: acme, Retention: lifecycle.Retention{Last: 9}}, {Retention: lifecycle.Retention{Last: 1}}}
	for p, err := range w.m.Prune(t.Context(), tenantdb.ID{}, lifecycle.PruneOptions{Rules: rules}) {
		if err := errors.Join(err, p.Err); err != nil {
			t.Fatal(err)
		}
		pruned = append(pruned, p.Backup.Sequence)
	}
	if !slices.Equal(pruned, []int64{1, 2}) {
		t.Errorf("pruned %v", pruned)
	}
	if err := addUser(t.Context(), w, "ada"); err != nil {
		t.Error(err)
	}
	w.wantHealthy(t)
}

func TestABackupOfAGlobalDatabaseWithTheCatalogAloneIsGood(t *testing.T) {
	dir := tenanttest.Dir(t, tenantdb.Options{Path: t.TempDir()})
	store, err := tenant.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lifecycle.New(store, cat, lifecycle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.BackupGlobal(t.Context(), lifecycle.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	if b, err := m.VerifyGlobal(t.Context(), lifecycle.Last); err != nil || b.Sequence != 1 {
		t.Errorf("got %+v, %v", b, err)
	}
}
