package tenantdb_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// findBytes returns the files below a folder in which the bytes are.
func findBytes(t *testing.T, folder string, bytesOf []byte) (found []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, bytesOf) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAfterEraseNothingOfATenantIsInTheFolder(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme, globex := kit.Two()
	var random [16]byte
	rand.Read(random[:])
	planted := []byte(hex.EncodeToString(random[:])) // 32 bytes
	// One that is retired, one that lives, one in its log alone, and one half built.
	if err := add(acme.Context, acme.DB, string(planted)); err != nil {
		t.Fatal(err)
	}
	if _, err := kit.Store.Retire(t.Context(), acme.ID); err != nil {
		t.Fatal(err)
	}
	acme = kit.Tenant("acme")
	if err := errors.Join(add(acme.Context, acme.DB, string(planted)), add(globex.Context, globex.DB, "another's")); err != nil {
		t.Fatal(err)
	}
	tenants := filepath.Join(kit.Dir.Path(), "tenants")
	building := filepath.Join(tenants, ".acme.db.building.1")
	if err := os.WriteFile(building, planted, 0o600); err != nil {
		t.Fatal(err)
	}
	if found := findBytes(t, kit.Dir.Path(), planted); len(found) < 3 {
		t.Fatalf("it is in %q only", found)
	}
	e, err := kit.Store.Erase(t.Context(), acme.ID)
	if err != nil {
		t.Fatal(err)
	}
	if found := findBytes(t, kit.Dir.Path(), planted); len(found) != 0 {
		t.Errorf("it is still in %q", found)
	}
	path := filepath.Join(tenants, "acme.db")
	removed := map[string]bool{}
	for _, file := range e.Removed {
		removed[file.Path] = true
		if _, err := os.Lstat(file.Path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is there: %v", file.Path, err)
		}
	}
	if !removed[path] || !removed[building] || len(e.Removed)+len(e.Absent) != 6 {
		t.Errorf("the report is %+v", e)
	}
	again, err := kit.Store.Erase(t.Context(), acme.ID)
	if err != nil || len(again.Removed) != 0 || len(again.Absent) != 4 {
		t.Errorf("again: %+v, %v", again, err)
	}
	if _, err := list(acme.Context, acme.DB); !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("the old handle: %v", err)
	}
	wantNotes(t, globex, "another's")
}

func TestATenantThatCannotBeReadIsErasedAndAnothersFileIsNot(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	globex := kit.Tenant("globex")
	tenants := filepath.Join(kit.Dir.Path(), "tenants")
	rubbish := filepath.Join(tenants, "acme.db")
	if err := os.WriteFile(rubbish, bytes.Repeat([]byte("rubbish "), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	if e, err := kit.Store.Erase(t.Context(), tenanttest.ID(t, "acme")); err != nil || len(e.Removed) != 1 || e.Removed[0].Size != 800 {
		t.Errorf("%+v, %v", e, err)
	}
	misplaced, _ := snapshotOf(t, kit.Store, globex.ID)
	if err := os.Rename(misplaced.Path, rubbish); err != nil {
		t.Fatal(err)
	}
	if e, err := kit.Store.Erase(t.Context(), tenanttest.ID(t, "acme")); !errors.Is(err, tenantdb.ErrWrongTenant) || len(e.Removed) != 0 {
		t.Errorf("%+v, %v", e, err)
	}
	if err := os.Remove(rubbish); err != nil {
		t.Error(err)
	}
}

func TestSweepRemovesWhatWasBeingBuiltForATenantAndNothingElse(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	folder := filepath.Join(kit.Dir.Path(), "tenants")
	left := []string{".acme.db.building.1", ".acme.db.building.1-journal"}
	other := filepath.Join(folder, ".acme-2.db.building.1")
	for _, path := range []string{filepath.Join(folder, left[0]), filepath.Join(folder, left[1]), other} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []int{2, 0} {
		removed, err := kit.Store.Sweep(t.Context(), acme.ID)
		if err != nil || len(removed) != want {
			t.Errorf("removed %+v, %v", removed, err)
		}
	}
	if _, err := list(acme.Context, acme.DB); err != nil {
		t.Error(err)
	}
	if err := os.Remove(other); err != nil { // it is another tenant's
		t.Error(err)
	}
	var none *tenantdb.Store[notes]
	if _, err := none.Sweep(t.Context(), acme.ID); !errors.Is(err, tenantdb.ErrNoHandle) {
		t.Errorf("got %v", err)
	}
}
