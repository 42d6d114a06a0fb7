package lifecycle_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// locked calls f with a world for each of the ways in which tenants are locked.
func locked(t *testing.T, f func(t *testing.T, w world)) {
	t.Helper()
	t.Run("by a byte", func(t *testing.T) { f(t, newWorld(t, lifecycle.Options{})) })
	t.Run("by a file", func(t *testing.T) {
		w := newWorld(t, lifecycle.Options{})
		lifecycle.LockFiles(w.m)
		f(t, w)
	})
}

func (w world) byFile() bool { return lifecycle.LocksFiles(w.m) }

func (w world) lock(name string) string { return filepath.Join(w.dir.Path(), "locks", name+".lock") }

func TestOperationsOnOneTenantExcludeEachOther(t *testing.T) {
	locked(t, func(t *testing.T, w world) {
		acme, globex := w.create(t, "acme", "once"), w.create(t, "globex", "theirs")
		other, err := lifecycle.New(w.store, w.cat, lifecycle.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_ = w.create(t, "third", "third")
		if w.byFile() {
			lifecycle.LockFiles(other)
		}
		// While acme is cloned, whoever else works on it waits, by this Manager or another, and nobody on globex.
		_, err = w.m.Clone(t.Context(), acme, creation{ID: copied, Seed: func(ctx context.Context, _ *tenant.DB) error {
			for name, m := range map[string]*manager{"the same": w.m, "another": other} {
				ended, end := context.WithCancel(context.Background())
				end()
				waiting, stop := context.WithTimeout(context.Background(), 20*lifecycle.LockRetry)
				defer stop()
				for what, of := range map[tenantdb.ID]context.Context{acme: waiting, copied: ended} {
					if _, err := m.Backup(of, what, lifecycle.BackupOptions{}); !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
						t.Errorf("%s Manager, %v: %v", name, what, err)
					}
				}
				if _, err := m.Backup(context.Background(), globex, lifecycle.BackupOptions{Unchanged: lifecycle.CopyUnchanged}); err != nil {
					t.Errorf("%s Manager, another tenant: %v", name, err)
				}
			}
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Backup(t.Context(), acme, lifecycle.BackupOptions{}); err != nil {
			t.Errorf("afterwards: %v", err)
		}
		w.wantHealthy(t)
	})
}

func TestOperationsLeaveNoLock(t *testing.T) {
	locked(t, func(t *testing.T, w world) {
		failed := errors.New("failed")
		acme := tenanttest.ID(t, "acme")
		_, created := w.m.Create(t.Context(), creation{ID: acme, Key: "order 1", Seed: func(context.Context, *tenant.DB) error { return failed }})
		_, backedUp := w.m.Backup(t.Context(), tenanttest.ID(t, "acme-2"), lifecycle.BackupOptions{})
		wantErr(t, created, failed)
		wantErr(t, backedUp, tenantdb.ErrUnknownTenant)
		if _, err := w.m.Create(t.Context(), creation{ID: acme, Key: "order 1"}); err != nil {
			t.Fatal(err)
		}
		if err := w.leftBehind(); err != nil {
			t.Error(err)
		}
		if _, err := w.m.Erase(t.Context(), acme); err != nil {
			t.Fatal(err)
		}
		if named, err := filepath.Glob(filepath.Join(w.dir.Path(), "*", "*acme*")); err != nil || len(named) > 0 {
			t.Errorf("erased, it is named by %v, %v", named, err)
		}
	})
}

func TestTheLockOfAHolderThatDiedIsFree(t *testing.T) {
	locked(t, func(t *testing.T, w world) {
		id := w.create(t, "acme", "once")
		if err := os.MkdirAll(filepath.Dir(w.lock("keys/")), 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"acme", "half", "gone", "keys/0123456789abcdef"} { // of a backup and of creations
			if err := os.WriteFile(w.lock(name), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{}); err != nil {
			t.Error(err)
		}
		if _, err := w.m.Create(t.Context(), creation{ID: tenanttest.ID(t, "half")}); err != nil {
			t.Error(err)
		}
		if w.byFile() { // elsewhere nobody looks at them
			w.wantHealthy(t) // Doctor has removed what nobody works with
		}
	})
}

// A link may lead out of the folder, and a second name to the file of a tenant, on which closing it
// would drop SQLite's locks.
func TestWhatIsInThePlaceOfALockIsNotOpened(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "outside")
	for name, plant := range map[string]func(w world, path string) error{
		"a link to nothing": func(_ world, path string) error { return os.Symlink(outside, path) },
		"a link to a file":  func(w world, path string) error { return os.Symlink(filepath.Join(w.dir.Path(), "silo.json"), path) },
		"a folder":          func(_ world, path string) error { return os.Mkdir(path, 0o700) },
		"a tenant's file": func(w world, path string) error {
			return os.Link(filepath.Join(w.dir.Path(), "tenants", "globex.db"), path)
		},
		"a pipe": func(_ world, path string) error { return makePipe(path) },
	} {
		t.Run(name, func(t *testing.T) {
			locked(t, func(t *testing.T, w world) {
				acme, globex := w.create(t, "acme", "once"), w.create(t, "globex", "theirs")
				path := w.lock("_all")
				if w.byFile() {
					path = w.lock("acme")
				}
				if err := os.RemoveAll(path); err != nil {
					t.Fatal(err)
				}
				if err := plant(w, path); err != nil {
					t.Skip("it cannot be made here:", err)
				}
				_, err := w.m.Backup(t.Context(), acme, lifecycle.BackupOptions{})
				wantErr(t, err, tenantdb.ErrCannotOpen)
				if exists(outside) {
					t.Error("a file was made through the link")
				}
				list, err := w.findings(t.Context(), lifecycle.DoctorOptions{})
				if w.byFile() {
					if err != nil || len(list) != 1 || list[0].Kind != lifecycle.FoundStray || list[0].Path != path || list[0].Tenant != acme {
						t.Errorf("Doctor finds %+v, %v", list, err)
					}
					if _, err := w.m.Backup(t.Context(), globex, lifecycle.BackupOptions{}); err != nil {
						t.Errorf("another tenant: %v", err)
					}
				} else {
					wantErr(t, err, tenantdb.ErrCannotOpen)
				}
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
				if _, err := w.m.Backup(t.Context(), acme, lifecycle.BackupOptions{}); err != nil {
					t.Errorf("when it is gone: %v", err)
				}
				w.wantHealthy(t)
			})
		})
	}
}
