package lifecycle_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// Opening and closing a live file under another name drops the locks that SQLite holds on it.
func TestASecondNameOfALiveFileIsNotOpened(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	id := w.create(t, "acme", "once")
	export := filepath.Join(t.TempDir(), "acme.tar")
	if _, err := w.m.Export(t.Context(), id, export); err != nil {
		t.Fatal(err)
	}
	for _, own := range []string{"tenants/acme.db", "global.db"} {
		path := filepath.Join(t.TempDir(), "import.db")
		if err := os.Link(filepath.Join(w.dir.Path(), own), path); err != nil {
			t.Skip("no hard links here:", err)
		}
		beta := tenanttest.ID(t, "beta")
		_, err := w.m.Import(t.Context(), path, creation{ID: beta})
		wantErr(t, err, tenantdb.ErrUnfit)
		_, err = w.store.Adopt(t.Context(), beta, tenantdb.Source{Path: path})
		wantErr(t, err, tenantdb.ErrUnfit)
	}
	// One that has several names elsewhere is a file like others.
	second := filepath.Join(t.TempDir(), "second.tar")
	if err := os.Link(export, second); err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.Import(t.Context(), second, creation{ID: tenanttest.ID(t, "gamma")}); err != nil {
		t.Error(err)
	}
	if err := errors.Join(os.Remove(export), os.Link(filepath.Join(w.dir.Path(), "global.db"), export)); err != nil {
		t.Fatal(err)
	}
	e, err := w.m.Erase(t.Context(), id)
	if err != nil || !slices.ContainsFunc(e.Unreached, func(u lifecycle.Unreached) bool { return u.Where == export }) {
		t.Errorf("got %+v, %v", e.Unreached, err)
	}
}
