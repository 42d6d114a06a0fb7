package tenantdb_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// snapshotOf takes a copy of a tenant in a new folder.
func snapshotOf[S tenantdb.TenantSchema](t *testing.T, store *tenantdb.Store[S], id tenantdb.ID) (tenantdb.Source, tenantdb.Manifest) {
	t.Helper()
	path := filepath.Join(plainTemp(t), id.String()+".db")
	m, err := store.Snapshot(t.Context(), id, path, tenantdb.SnapshotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return tenantdb.Source{Path: path, SHA256: m.SHA256}, m
}

// wantFolder fails the test if there is anything else in a folder than these.
func wantFolder(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), "-wal") && !strings.HasSuffix(e.Name(), "-shm") {
			got = append(got, e.Name())
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("in %s are %q, want %q", folder, got, want)
	}
}

func TestASnapshotIsWholeAndIsWhatItsManifestSays(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	if err := add(acme.Context, acme.DB, "in the log"); err != nil {
		t.Fatal(err)
	}
	source, m := snapshotOf(t, kit.Store, acme.ID)
	content, err := os.ReadFile(source.Path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	if m.SHA256 != hex.EncodeToString(sum[:]) || m.Size != int64(len(content)) || m.Pages*m.PageSize != m.Size {
		t.Errorf("%d bytes are not what the manifest says: %+v", len(content), m)
	}
	if m.Tenant != acme.ID || m.Schema != "notes" || m.SchemaVersion != 1 || m.Taken.IsZero() ||
		m.Incarnation != ask(t, tenantdb.PathOf(acme.DB), "SELECT incarnation FROM silo_file") {
		t.Errorf("the manifest is %+v", m)
	}
	wantFolder(t, filepath.Dir(source.Path), "acme.db")
	if got := ask(t, source.Path, "SELECT group_concat(body) FROM notes"); got != "in the log" {
		t.Errorf("the copy has %q", got)
	}
	if _, err := os.Stat(source.Path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading the copy makes a log: %v", err)
	}
}

func TestASnapshotReplacesNothingAndLeavesNothingWhenItFails(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	folder := t.TempDir()
	taken := filepath.Join(folder, "taken.db")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	stop, stopNow := context.WithCancel(t.Context())
	for name, tt := range map[string]struct {
		ctx  context.Context
		id   string
		path string
		o    tenantdb.SnapshotOptions
		want error
	}{
		"the name is taken":      {t.Context(), "acme", taken, tenantdb.SnapshotOptions{}, fs.ErrExist},
		"no such tenant":         {t.Context(), "globex", filepath.Join(folder, "a.db"), tenantdb.SnapshotOptions{}, tenantdb.ErrUnknownTenant},
		"no such folder":         {t.Context(), "acme", filepath.Join(folder, "no", "a.db"), tenantdb.SnapshotOptions{}, fs.ErrNotExist},
		"among the tenants":      {t.Context(), "acme", filepath.Join(kit.Dir.Path(), "tenants", "b.db"), tenantdb.SnapshotOptions{}, nil},
		"as the global database": {t.Context(), "acme", filepath.Join(kit.Dir.Path(), "global.db"), tenantdb.SnapshotOptions{}, nil},
		"no path":                {t.Context(), "acme", "", tenantdb.SnapshotOptions{}, nil},
		"the context has ended":  {canceled, "acme", filepath.Join(folder, "a.db"), tenantdb.SnapshotOptions{}, context.Canceled},
		"the context ends in it": {stop, "acme", filepath.Join(folder, "a.db"), tenantdb.SnapshotOptions{Progress: func(int, int) { stopNow() }}, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := kit.Store.Snapshot(tt.ctx, tenanttest.ID(t, tt.id), tt.path, tt.o)
			var own *tenantdb.Error
			if !errors.As(err, &own) || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			wantFolder(t, folder, "taken.db")
			wantFolder(t, filepath.Join(kit.Dir.Path(), "tenants"), "acme.db")
		})
	}
	if _, err := kit.Store.Snapshot(acme.Context, acme.ID, filepath.Join(folder, "z.db"), tenantdb.SnapshotOptions{}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestUnchangedIsSaidOfATenantToWhichNothingWasWritten(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	now := time.Now()
	tenantdb.SetClock(kit.Dir, func() time.Time { return now }) // what is written from here on was just now
	acme := kit.Tenant("acme")
	unchanged := func(mark string) bool {
		t.Helper()
		same, err := kit.Store.Unchanged(t.Context(), acme.ID, mark)
		if err != nil {
			t.Fatal(err)
		}
		return same
	}
	if err := add(acme.Context, acme.DB, "one"); err != nil {
		t.Fatal(err)
	}
	_, m := snapshotOf(t, kit.Store, acme.ID)
	if m.Mark == "" || !unchanged(m.Mark) || unchanged("") || unchanged("log 00") {
		t.Errorf("nothing was written since the mark %q", m.Mark)
	}
	wantNotes(t, acme, "one")
	if err := tenantdb.Checkpoint(acme.Context, acme.DB); err != nil {
		t.Fatal(err)
	}
	if !unchanged(m.Mark) {
		t.Error("reading and a checkpoint are taken for writes")
	}
	if err := add(acme.Context, acme.DB, "two"); err != nil {
		t.Fatal(err)
	}
	if unchanged(m.Mark) {
		t.Error("a write went unnoticed")
	}
	// Closed, its log is empty. It was changed just now, so there is no mark of it.
	tenantdb.EvictIdle(kit.Dir, 1)
	_, young := snapshotOf(t, kit.Store, acme.ID)
	if young.Mark != "" || unchanged(young.Mark) {
		t.Errorf("a file that was just changed has the mark %q", young.Mark)
	}
	now = time.Now().Add(time.Minute)
	_, settled := snapshotOf(t, kit.Store, acme.ID)
	if settled.Mark == "" || !unchanged(settled.Mark) {
		t.Errorf("nothing was written since the mark %q", settled.Mark)
	}
	db, err := kit.Store.Resolve(acme.Context) // opens it, and reads
	if err != nil || !unchanged(settled.Mark) {
		t.Errorf("opening it is taken for a write: %v", err)
	}
	if err := add(acme.Context, db, "three"); err != nil {
		t.Fatal(err)
	}
	if unchanged(settled.Mark) {
		t.Error("a write to the log of a closed tenant went unnoticed")
	}
	tenantdb.EvictIdle(kit.Dir, 1)
	if unchanged(settled.Mark) {
		t.Error("a write went unnoticed once it was closed")
	}
}
