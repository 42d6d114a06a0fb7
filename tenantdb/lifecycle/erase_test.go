package lifecycle_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

const planted = "planted-0123456789abcdef-planted"

// filesWith returns the files below a folder that have the bytes in them, or in their name.
func filesWith(t *testing.T, folder, bytesOf string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(bytesOf)) {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAfterEraseNothingOfTheTenantIsInTheDataFolder(t *testing.T) {
	folder := t.TempDir()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: filepath.Join(folder, "data")})
	if err != nil {
		t.Fatal(err)
	}
	w, err := enter(t.Context(), dir, lifecycle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	id, other := w.create(t, "acme", planted), w.create(t, "acme-2", "other")
	w.backup(t, id)
	w.backup(t, other)
	exports := []string{filepath.Join(folder, "a.tar"), filepath.Join(folder, "b.tar"), filepath.Join(folder, "c.tar")}
	for _, path := range exports {
		if _, err := w.m.Export(t.Context(), id, path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(exports[1], exports[1]+".moved"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(exports[2], []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	clone := tenanttest.ID(t, "clone")
	if _, err := w.m.Clone(t.Context(), id, creation{ID: clone}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Erase(t.Context(), clone); err != nil {
		t.Fatal(err)
	}
	imported := tenanttest.ID(t, "imported")
	if _, err := w.m.Import(t.Context(), exports[0], creation{ID: imported}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Erase(t.Context(), imported); err != nil {
		t.Fatal(err)
	}
	if err := w.cat.AddAlias(t.Context(), id, "domain", "acme.example"); err != nil {
		t.Fatal(err)
	}
	// One retired file, one in use, one that somebody who died was building.
	if _, err := w.m.Delete(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Undelete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := w.put(id, "more", planted); err != nil {
		t.Fatal(err)
	}
	work := filepath.Join(dir.Path(), "work", "acme.left")
	if err := os.MkdirAll(work, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{filepath.Join(work, "tenant.db"), filepath.Join(dir.Path(), "tenants", ".acme.db.building.1"), filepath.Join(folder, ".a.tar.building.1")} {
		if err := os.WriteFile(left, []byte(planted), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	e, err := w.m.Erase(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Files) < 2 || len(e.Exports) != 2 || len(e.Backups) != 2 || len(e.Aliases) != 1 {
		t.Errorf("got %+v", e)
	}
	unreached := ""
	for _, u := range e.Unreached {
		unreached += u.What + " " + u.Where + "\n"
	}
	for _, want := range []string{"export " + exports[1], "export " + exports[2], "tenant clone", "tenant imported", "audit "} {
		if !strings.Contains(unreached, want) {
			t.Errorf("%q is not said to be unreached: %s", want, unreached)
		}
	}
	_, err = w.cat.Get(t.Context(), id)
	wantErr(t, err, catalog.ErrNotRegistered)
	if again, err := w.m.Erase(t.Context(), id); err != nil || len(again.Files) > 0 {
		t.Errorf("erasing it again: %+v, %v", again, err)
	}
	w.wantValue(t, other, "made", "other")
	if got := w.sequences(t, other); len(got) != 1 {
		t.Errorf("the other tenant's backups: %v", got)
	}
	w.wantHealthy(t)
	if err := dir.Close(); err != nil {
		t.Fatal(err)
	}
	if got := filesWith(t, dir.Path(), planted); len(got) > 0 {
		t.Errorf("it is in %v", got)
	}
	if got := filesWith(t, folder, planted); len(got) != 1 || got[0] != exports[1]+".moved" {
		t.Errorf("beside the folder it is in %v", got)
	}
}

func TestATenantWhoseEraseWasInterruptedCanOnlyBeErased(t *testing.T) {
	folder := t.TempDir()
	prepareFolder(t, folder, crash{prepare: then(makeAcme, backUp)})
	if d := dieAt(t, folder, "erase", "remove a manifest"); d.step == "" {
		t.Fatal("it did not die")
	}
	w := worldIn(t, folder, lifecycle.Options{})
	_, err := w.m.Delete(t.Context(), acme, "")
	wantErr(t, err, lifecycle.ErrErasing)
	_, err = w.m.Undelete(t.Context(), acme)
	wantErr(t, err, lifecycle.ErrErasing)
	_, err = w.m.Restore(t.Context(), acme, lifecycle.Last)
	wantErr(t, err, lifecycle.ErrErasing)
	if _, err := w.m.Erase(t.Context(), acme); err != nil {
		t.Fatal(err)
	}
	w.wantHealthy(t)
}
