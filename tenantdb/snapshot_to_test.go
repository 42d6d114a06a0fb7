package tenantdb_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// newFile makes an empty file, which is open until the end of the test.
func newFile(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestASnapshotToAFileIsWhatOneUnderANameIs(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	if err := add(acme.Context, acme.DB, "in the log"); err != nil {
		t.Fatal(err)
	}
	_, named := snapshotOf(t, kit.Store, acme.ID)
	folder := plainTemp(t)
	out := newFile(t, filepath.Join(folder, "acme.db"))
	m, err := kit.Store.SnapshotTo(t.Context(), acme.ID, out, tenantdb.SnapshotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if m.SHA256 != named.SHA256 || m.Size != named.Size || m.Incarnation != named.Incarnation || m.Tenant != acme.ID {
		t.Errorf("got %+v, by name %+v", m, named)
	}
	content, err := os.ReadFile(out.Name())
	if sum := sha256.Sum256(content); err != nil || m.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("the %d bytes in the file are others, %v", len(content), err)
	}
	if err := out.Close(); err != nil { // it was not closed
		t.Error(err)
	}
	wantFolder(t, folder, "acme.db")
	if _, err := kit.Store.Adopt(t.Context(), tenanttest.ID(t, "clone"), tenantdb.Source{Path: out.Name(), SHA256: m.SHA256}); err != nil {
		t.Error(err)
	}
}

func TestASnapshotIsNotTakenToWhatIsNoEmptyFile(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	folder := t.TempDir()
	full := newFile(t, filepath.Join(folder, "full.db"))
	if _, err := full.WriteString("mine"); err != nil {
		t.Fatal(err)
	}
	closed := newFile(t, filepath.Join(folder, "closed.db"))
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	dir, err := os.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tt := range map[string]struct {
		ctx  context.Context
		id   string
		out  *os.File
		want error
	}{
		"it has something in it": {t.Context(), "acme", full, fs.ErrExist},
		"it is closed":           {t.Context(), "acme", closed, fs.ErrClosed},
		"it is none":             {t.Context(), "acme", nil, fs.ErrInvalid},
		"it is a folder":         {t.Context(), "acme", dir, tenantdb.ErrCannotOpen},
		"no such tenant":         {t.Context(), "globex", newFile(t, filepath.Join(folder, "a.db")), tenantdb.ErrUnknownTenant},
		"the context has ended":  {canceled, "acme", newFile(t, filepath.Join(folder, "b.db")), context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			var of *tenantdb.Error
			m, err := kit.Store.SnapshotTo(tt.ctx, tenanttest.ID(t, tt.id), tt.out, tenantdb.SnapshotOptions{})
			if !errors.Is(err, tt.want) || !errors.As(err, &of) || m != (tenantdb.Manifest{}) {
				t.Errorf("got %+v, %v; want %v", m, err, tt.want)
			}
		})
	}
	if content, err := os.ReadFile(full.Name()); err != nil || string(content) != "mine" {
		t.Errorf("it has %q, %v", content, err)
	}
	// Whoever wants the tenant alone does not wait for them.
	if err := kit.Store.Delete(t.Context(), acme.ID); err != nil {
		t.Error(err)
	}
}

func TestASnapshotBeginsWhereAFileThatWasEmptiedBegins(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	out := newFile(t, filepath.Join(t.TempDir(), "acme.db"))
	_, err := out.WriteString("what an attempt that failed has left")
	if err = errors.Join(err, out.Truncate(0)); err != nil {
		t.Fatal(err)
	}
	m, err := kit.Store.SnapshotTo(t.Context(), acme.ID, out, tenantdb.SnapshotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := out.Stat(); err != nil || info.Size() != m.Size {
		t.Errorf("it has %d bytes, %v; the copy has %d", info.Size(), err, m.Size)
	}
}

func TestASnapshotIsNotTakenToTheFileOfAnotherTenant(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	out := newFile(t, filepath.Join(kit.Dir.Path(), "tenants", "globex.db"))
	if _, err := kit.Store.SnapshotTo(t.Context(), acme.ID, out, tenantdb.SnapshotOptions{}); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	if info, err := out.Stat(); err != nil || info.Size() > 0 {
		t.Errorf("it has %d bytes, %v", info.Size(), err)
	}
	if err := os.Remove(out.Name()); err != nil {
		t.Fatal(err)
	}
}
