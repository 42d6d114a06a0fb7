package tenantdb_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// globalKit is a folder with a global database, and a copy of it.
func globalKit(t *testing.T) (dir *tenantdb.Dir, db *tenantdb.GlobalDB[ledger], copied string, m tenantdb.Manifest) {
	t.Helper()
	return globalKitIn(t, t.TempDir())
}

func globalKitIn(t *testing.T, path string) (dir *tenantdb.Dir, db *tenantdb.GlobalDB[ledger], copied string, m tenantdb.Manifest) {
	t.Helper()
	dir = tenanttest.Dir(t, tenantdb.Options{Path: path})
	db, err := tenantdb.OpenGlobal[ledger](t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	copied = filepath.Join(t.TempDir(), "global.copy")
	if m, err = db.Snapshot(t.Context(), copied, tenantdb.SnapshotOptions{}); err != nil {
		t.Fatal(err)
	}
	return dir, db, copied, m
}

func TestACopyOfTheGlobalDatabaseIsCheckedBeforeItIsRestored(t *testing.T) {
	dir, db, copied, m := globalKit(t)
	if !m.Tenant.IsZero() || m.Schema == "" || m.SHA256 == "" {
		t.Errorf("the manifest is %+v", m)
	}
	if _, err := db.Snapshot(t.Context(), copied, tenantdb.SnapshotOptions{}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("to a path that is taken: %v", err)
	}
	source := tenantdb.Source{Path: copied, SHA256: m.SHA256}
	if err := tenantdb.InspectGlobal[ledger](t.Context(), dir, source); err != nil {
		t.Errorf("the copy itself: %v", err)
	}
	content, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	store, err := tenantdb.OpenStore[notes](t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Create(t.Context(), tenanttest.ID(t, "acme")); err != nil {
		t.Fatal(err)
	}
	tenants := filepath.Join(filepath.Dir(copied), "acme.copy")
	if _, err := store.Snapshot(t.Context(), tenanttest.ID(t, "acme"), tenants, tenantdb.SnapshotOptions{}); err != nil {
		t.Fatal(err)
	}
	write := func(name string, content []byte) string {
		path := filepath.Join(filepath.Dir(copied), name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, bad := range map[string]tenantdb.Source{
		"another sum":      {Path: copied, SHA256: strings.Repeat("0", 64)},
		"cut off":          {Path: write("cut off", content[:len(content)-1])},
		"no database":      {Path: write("none", bytes.Repeat([]byte("no"), 500))},
		"a tenant's":       {Path: tenants},
		"the file itself":  {Path: filepath.Join(dir.Path(), "global.db")},
		"through a folder": {Path: filepath.Dir(copied) + "/../" + filepath.Base(filepath.Dir(copied)) + "/global.copy"},
	} {
		if err := tenantdb.InspectGlobal[ledger](t.Context(), dir, bad); !errors.Is(err, tenantdb.ErrUnfit) {
			t.Errorf("%s: inspecting it: %v", name, err)
		}
		if err := tenantdb.RestoreGlobal[ledger](t.Context(), dir, bad, tenantdb.GlobalRestoreOptions{}); !errors.Is(err, tenantdb.ErrUnfit) {
			t.Errorf("%s: restoring it: %v", name, err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir.Path(), ".*")); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
	if _, err := db.Version(t.Context()); err != nil {
		t.Errorf("the handle, after what was refused: %v", err)
	}
}

func TestARestoreOfTheGlobalDatabaseGivesOutWhatWasThereAndEndsWithItsError(t *testing.T) {
	dir, db, copied, m := globalKit(t)
	source := tenantdb.Source{Path: copied, SHA256: m.SHA256}
	full := errors.New("the target is full")
	previous := filepath.Join(filepath.Dir(copied), "previous.db")
	var got tenantdb.Manifest
	keep := func(answer error) tenantdb.GlobalRestoreOptions {
		return tenantdb.GlobalRestoreOptions{PreviousPath: previous, Previous: func(_ context.Context, path string, m tenantdb.Manifest) error {
			if info, err := os.Lstat(path); err != nil || info.Size() != m.Size {
				t.Errorf("what was there: %v, %v", info, err)
			}
			got = m
			return answer
		}}
	}
	if err := tenantdb.RestoreGlobal[ledger](t.Context(), dir, source, keep(full)); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	if _, err := db.Version(t.Context()); err != nil || got.Incarnation != m.Incarnation {
		t.Errorf("after that the handle says %v; given out was %+v", err, got)
	}
	err := tenantdb.RestoreGlobal[ledger](t.Context(), dir, source, tenantdb.GlobalRestoreOptions{Previous: keep(nil).Previous})
	if err == nil {
		t.Error("it does without a path for what was there")
	}
	if err := tenantdb.RestoreGlobal[ledger](t.Context(), dir, source, keep(nil)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Version(t.Context()); !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("a handle from before: %v", err)
	}
	if db, err = tenantdb.OpenGlobal[ledger](t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if same, err := db.Unchanged(t.Context(), m.Mark); err != nil || same {
		t.Errorf("another file is unchanged: %v, %v", same, err)
	}
	if _, err := os.Lstat(previous); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was given out is left: %v", err)
	}
}

func TestCompactGivesUpWhileOthersReadAndLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := tenanttest.Dir(t, tenantdb.Options{Path: t.TempDir()})
		db, err := tenantdb.OpenGlobal[ledger](t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Read(t.Context(), func(ctx context.Context, _ *tenantdb.ReadTx[ledger]) error {
			if err := db.Compact(t.Context()); !errors.Is(err, tenantdb.ErrLocked) {
				t.Errorf("while others read: %v", err)
			}
			if err := db.Compact(ctx); !errors.Is(err, tenantdb.ErrNested) {
				t.Errorf("within a transaction: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if _, err := db.Version(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestCompactDoesNotWaitForSnapshotsThatAreKeptForCallsToCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // in which waiting alone takes time
		dir := tenanttest.Dir(t, tenantdb.Options{Path: t.TempDir()})
		db, err := tenantdb.OpenGlobal[ledger](t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for range 5 {
			for range 3 { // from the second on, the writer keeps its snapshot
				if err := db.Write(t.Context(), func(context.Context, *tenantdb.Tx[ledger]) error { return nil }); err != nil {
					t.Fatal(err)
				}
				if err := db.Read(t.Context(), func(context.Context, *tenantdb.ReadTx[ledger]) error { return nil }); err != nil {
					t.Fatal(err)
				}
			}
			if err := db.Compact(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if waited := time.Since(began); waited > 0 {
			t.Errorf("it has waited %v", waited)
		}
	})
}
