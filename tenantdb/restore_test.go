package tenantdb_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestARestoredTenantIsTheCopyAndOldHandlesEnd(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	if err := add(acme.Context, acme.DB, "before"); err != nil {
		t.Fatal(err)
	}
	source, _ := snapshotOf(t, kit.Store, acme.ID)
	if err := add(acme.Context, acme.DB, "after"); err != nil {
		t.Fatal(err)
	}
	for round := range 2 { // again, it is the same
		if err := kit.Store.Restore(t.Context(), acme.ID, source); err != nil {
			t.Fatal(err)
		}
		if _, err := list(acme.Context, acme.DB); !errors.Is(err, tenantdb.ErrTenantGone) {
			t.Errorf("the old handle: %v", err)
		}
		acme = reopened(t, kit.Store, "acme")
		wantNotes(t, acme, "before")
		if err := add(acme.Context, acme.DB, fmt.Sprint("since ", round)); err != nil {
			t.Error(err)
		}
	}
	wantFolder(t, filepath.Join(kit.Dir.Path(), "tenants"), "acme.db")
}

func TestAStaleLogNeverMeetsARestoredFile(t *testing.T) {
	folder := plainTemp(t)
	path := filepath.Join(folder, "tenants", "acme.db")
	// A process that was killed has left a log with writes that are nowhere else.
	c := childtest.Start(t, "writeOnly", folder, "acme")
	for range 5 {
		c.Line(t)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // killed
	log, err := os.ReadFile(path + "-wal")
	if err != nil || len(log) == 0 {
		t.Fatalf("there is no log, %v", err)
	}
	store := openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{Path: folder}))
	id := tenanttest.ID(t, "acme")
	source, _ := snapshotOf(t, store, id)
	want := ask(t, source.Path, "SELECT count(*) FROM notes")
	for name, leave := range map[string]func() error{
		"of a readable file": func() error { return os.WriteFile(path+"-wal", log, 0o600) },
		"of an unreadable file": func() error {
			return errors.Join(os.WriteFile(path, []byte("rubbish, but long enough to be looked at as a database: a header has one hundred bytes, so have a few more of it"), 0o600), os.WriteFile(path+"-wal", log, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := leave(); err != nil {
				t.Fatal(err)
			}
			if err := store.Restore(t.Context(), id, source); err != nil {
				t.Fatal(err)
			}
			if left, err := filepath.Glob(path + "-*"); err != nil || len(left) != 0 {
				t.Errorf("left beside it are %q, %v", left, err)
			}
			if got := ask(t, path, "SELECT count(*) FROM notes"); got != want {
				t.Errorf("the restored tenant has %s notes, the copy %s", got, want)
			}
		})
	}
}

func TestRestoreRefusesWhatIsNotTheTenants(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme, globex := kit.Two()
	if err := add(acme.Context, acme.DB, "kept"); err != nil {
		t.Fatal(err)
	}
	ofGlobex, _ := snapshotOf(t, kit.Store, globex.ID)
	ofAcme, _ := snapshotOf(t, kit.Store, acme.ID)
	wrongSum := ofAcme
	wrongSum.SHA256 = ofGlobex.SHA256
	for name, tt := range map[string]struct {
		id     string
		source tenantdb.Source
		want   error
	}{
		"another tenant's copy": {"acme", ofGlobex, tenantdb.ErrWrongTenant},
		"another sum":           {"acme", wrongSum, tenantdb.ErrCorrupt},
		"no such tenant":        {"initech", ofAcme, tenantdb.ErrUnknownTenant},
		"no such file":          {"acme", tenantdb.Source{Path: ofAcme.Path + ".no"}, os.ErrNotExist},
	} {
		t.Run(name, func(t *testing.T) {
			if err := kit.Store.Restore(t.Context(), tenanttest.ID(t, tt.id), tt.source); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			wantNotes(t, acme, "kept")
			wantFolder(t, filepath.Join(kit.Dir.Path(), "tenants"), "acme.db", "globex.db")
		})
	}
}

func TestFilesThatAreOpenElsewhereAreNotTaken(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	source, _ := snapshotOf(t, kit.Store, acme.ID)
	c := childtest.Start(t, "hold", kit.Dir.Path())
	c.Line(t)
	_, retireErr := kit.Store.Retire(t.Context(), acme.ID)
	_, eraseErr := kit.Store.Erase(t.Context(), acme.ID)
	for name, err := range map[string]error{"restore": kit.Store.Restore(t.Context(), acme.ID, source), "retire": retireErr, "erase": eraseErr} {
		if !errors.Is(err, tenantdb.ErrTenantOpenElsewhere) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := add(acme.Context, acme.DB, "written all the same"); err != nil {
		t.Errorf("the tenant cannot be used any more: %v", err)
	}
	c.Finish(t)
	if err := kit.Store.Restore(t.Context(), acme.ID, source); err != nil {
		t.Errorf("once it is free: %v", err)
	}
}
