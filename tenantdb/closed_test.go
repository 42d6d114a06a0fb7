package tenantdb_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// What a tenant's file and those beside it are after it was closed.

func TestAClosedTenantIsTheOneFileWhateverLiesBesideIt(t *testing.T) {
	folder := folderWith[notes](t)
	path := filepath.Join(folder, "tenants", "acme.db")
	if log, err := os.Stat(path + "-wal"); err != nil || log.Size() != 0 {
		t.Errorf("its log is %v, %v; want it to be there, and empty", log, err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	alone := tenantdb.TenantPath(t, t.TempDir(), tenantdb.Flat, tenanttest.ID(t, "acme"))
	if err := os.WriteFile(alone, content, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, db, err := reopen[notes](t, filepath.Dir(filepath.Dir(alone)), tenantdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := list(ctx, db); err != nil || len(got) != 1 || got[0] != "kept" {
		t.Errorf("the copy has %q, %v", got, err)
	}
}

func TestABackupPutInPlaceOfAClosedTenantIsWhatIsServed(t *testing.T) {
	folder := folderWith[notes](t)
	path := filepath.Join(folder, "tenants", "acme.db")
	backup, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	ctx := tenanttest.Context(t, "acme")
	db, err := openStore[notes](t, dir).Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(add(ctx, db, "after the backup"), dir.Close()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(path), os.WriteFile(path, backup, 0o600)); err != nil {
		t.Fatal(err)
	}
	ctx, db, err = reopen[notes](t, folder, tenantdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := list(ctx, db); err != nil || len(got) != 1 || got[0] != "kept" {
		t.Errorf("it has %q, %v", got, err)
	}
}

func TestDeleteRemovesWhatAClosedTenantHasLeftBeside(t *testing.T) {
	folder := folderWith[notes](t)
	store := openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{Path: folder}))
	if err := store.Delete(t.Context(), tenanttest.ID(t, "acme")); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, "tenants", "acme*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestResolveOpensNoReader(t *testing.T) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("this system does not tell which files are open: ", err)
	}
	folder := folderWith[notes](t)
	if _, _, err := reopen[notes](t, folder, tenantdb.Options{}); err != nil {
		t.Fatal(err)
	}
	if n := descriptors(folder); n != 3 { // database, log and its index
		t.Errorf("%d descriptors are open", n)
	}
}
