package tenantdb_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestReplaceKeepsWhatWasThereForACopyOfIt(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	folder := t.TempDir()
	snapshot := filepath.Join(folder, "first.db")
	if err := add(acme.Context, acme.DB, "first"); err != nil {
		t.Fatal(err)
	}
	m, err := kit.Store.Snapshot(t.Context(), acme.ID, snapshot, tenantdb.SnapshotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := add(acme.Context, acme.DB, "second"); err != nil {
		t.Fatal(err)
	}
	kept, err := kit.Store.Replace(t.Context(), acme.ID, tenantdb.Source{Path: snapshot, SHA256: m.SHA256})
	if err != nil || kept.Tenant != acme.ID || kept.Incarnation != m.Incarnation {
		t.Fatalf("got %+v, %v", kept, err)
	}
	if _, err := list(acme.Context, acme.DB); !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("the old handle: %v", err)
	}
	acme.DB = resolve(acme.Context, t, kit.Store)
	wantNotes(t, acme, "first")
	copied := filepath.Join(folder, "kept.db")
	m, err = kit.Store.SnapshotRetired(t.Context(), kept, copied)
	if err != nil || m.Incarnation != kept.Incarnation {
		t.Fatalf("got %+v, %v", m, err)
	}
	if _, err := kit.Store.Adopt(t.Context(), tenanttest.ID(t, "was"), tenantdb.Source{Path: copied, SHA256: m.SHA256}); err != nil {
		t.Fatal(err)
	}
	was := tenanttest.Tenant[notes]{ID: tenanttest.ID(t, "was"), Context: tenanttest.Context(t, "was")}
	was.DB = resolve(was.Context, t, kit.Store)
	wantNotes(t, was, "first", "second")
	if err := kit.Store.Purge(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	if _, err := kit.Store.SnapshotRetired(t.Context(), kept, filepath.Join(folder, "again.db")); !errors.Is(err, tenantdb.ErrNotRetired) {
		t.Errorf("purged: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(kit.Dir.Path(), "deleted", "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// A Replace that dies between giving the old file its second name and taking the first.
func TestASecondNameOfATenantsOwnFileIsTakenAwayAndNotCopied(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	snapshot := filepath.Join(t.TempDir(), "first.db")
	m, err := kit.Store.Snapshot(t.Context(), acme.ID, snapshot, tenantdb.SnapshotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := kit.Store.Replace(t.Context(), acme.ID, tenantdb.Source{Path: snapshot, SHA256: m.SHA256})
	if err != nil {
		t.Fatal(err)
	}
	twin := tenantdb.RetiredPath(kit.Dir, kept)
	if err := errors.Join(os.Remove(twin), os.Link(filepath.Join(kit.Dir.Path(), "tenants", "acme.db"), twin)); err != nil {
		t.Fatal(err)
	}
	acme.DB = resolve(acme.Context, t, kit.Store)
	if err := add(acme.Context, acme.DB, "in use"); err != nil {
		t.Fatal(err)
	}
	if _, err := kit.Store.SnapshotRetired(t.Context(), kept, filepath.Join(t.TempDir(), "twin.db")); !errors.Is(err, tenantdb.ErrNotRetired) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Lstat(twin); err == nil {
		t.Error("the second name is there still")
	}
	wantNotes(t, acme, "in use")
}

func TestARetiredTenantIsNotCopiedButReinstated(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	r, err := kit.Store.Retire(t.Context(), acme.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kit.Store.SnapshotRetired(t.Context(), r, filepath.Join(t.TempDir(), "copy.db")); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("got %v", err)
	}
	if err := kit.Store.Reinstate(t.Context(), r); err != nil {
		t.Error(err)
	}
}

func TestInspectRefusesWhatAdoptRefusesAndLeavesNothing(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	path := filepath.Join(t.TempDir(), "copy.db")
	if _, err := kit.Store.Snapshot(t.Context(), acme.ID, path, tenantdb.SnapshotOptions{}); err != nil {
		t.Fatal(err)
	}
	other := tenanttest.ID(t, "other")
	if err := kit.Store.Inspect(t.Context(), other, tenantdb.Source{Path: path}); err != nil {
		t.Error(err)
	}
	if err := kit.Store.Inspect(t.Context(), acme.ID, tenantdb.Source{Path: path, SHA256: "00"}); !errors.Is(err, tenantdb.ErrUnfit) {
		t.Errorf("another sum: %v", err)
	}
	if err := os.Truncate(path, 4096); err != nil {
		t.Fatal(err)
	}
	if err := kit.Store.Inspect(t.Context(), other, tenantdb.Source{Path: path}); !errors.Is(err, tenantdb.ErrUnfit) {
		t.Errorf("cut off: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(kit.Dir.Path(), "tenants", "*"))
	if err != nil || len(left) != 3 { // acme's
		t.Errorf("there are %v, %v", left, err)
	}
}

func resolve(ctx context.Context, t *testing.T, store *tenantdb.Store[notes]) *tenantdb.TenantDB[notes] {
	t.Helper()
	db, err := store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
