package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

func TestAFileThatIsNotATenantsIsRefusedAndLeftAsItIs(t *testing.T) {
	for name, tt := range map[string]struct {
		content []byte
		want    error
	}{
		"empty":       {nil, tenantdb.ErrWrongSchema},
		"text":        {[]byte("this is no database, and has more bytes than SQLite's header has: one hundred, so it must be longer than that"), tenantdb.ErrNotADatabase},
		"header only": {append([]byte("SQLite format 3\x00"), make([]byte, 84)...), nil},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			path := tenantdb.TenantPath(t, folder, tenantdb.Flat, tenanttest.ID(t, "acme"))
			if err := os.WriteFile(path, tt.content, 0o600); err != nil {
				t.Fatal(err)
			}
			dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
			if err != nil {
				t.Fatal(err)
			}
			_, err = openStore[notes](t, dir).Resolve(tenanttest.Context(t, "acme"))
			var own *tenantdb.Error
			if !errors.As(err, &own) || own.Tenant.String() != "acme" || own.Path != filepath.Join(dir.Path(), "tenants", "acme.db") {
				t.Errorf("got %v", err)
			}
			if tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if err := dir.Close(); err != nil {
				t.Error(err)
			}
			if content, err := os.ReadFile(path); err != nil || string(content) != string(tt.content) {
				t.Errorf("the file has changed to %d bytes, %v", len(content), err)
			}
		})
	}
}

func TestALinkInPlaceOfATenantsFileIsRefused(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	kit.Tenant("globex")
	folder := filepath.Join(kit.Dir.Path(), "tenants")
	link := filepath.Join(folder, "acme.db")
	if err := os.Symlink(filepath.Join(folder, "globex.db"), link); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(link)
	if _, err := kit.Store.Resolve(tenanttest.Context(t, "acme")); !errors.Is(err, tenantdb.ErrCannotOpen) {
		t.Errorf("got %v", err)
	}
}

func TestCreateRefusesATenantThatExists(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	if err := add(acme.Context, acme.DB, "kept"); err != nil {
		t.Fatal(err)
	}
	if err := kit.Store.Create(t.Context(), acme.ID); !errors.Is(err, tenantdb.ErrTenantExists) {
		t.Errorf("got %v", err)
	}
	wantNotes(t, acme, "kept")
	if err := kit.Store.Create(t.Context(), tenantdb.ID{}); !errors.Is(err, tenantdb.ErrBadID) {
		t.Errorf("the zero ID: %v", err)
	}
}

func TestAFileRemovedBehindOurBackIsNotServedAnyMore(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	path := filepath.Join(kit.Dir.Path(), "tenants", "acme.db")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := add(acme.Context, acme.DB, "into nothing"); !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("a write was acknowledged: %v", err)
	}
	if _, err := kit.Store.Resolve(acme.Context); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it came back: %v", err)
	}
}

func TestDeleteRemovesTheFilesAndEndsTheHandles(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme, globex := kit.Two()
	if err := errors.Join(add(acme.Context, acme.DB, "old"), add(globex.Context, globex.DB, "kept")); err != nil {
		t.Fatal(err)
	}
	if err := kit.Store.Delete(t.Context(), acme.ID); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(kit.Dir.Path(), "tenants", "acme*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := list(acme.Context, acme.DB); !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("the old handle: %v", err)
	}
	if err := kit.Store.Delete(t.Context(), acme.ID); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("again: %v", err)
	}
	again := kit.Tenant("acme")
	if _, err := list(acme.Context, acme.DB); !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("the old handle to the new tenant: %v", err)
	}
	wantNotes(t, again)
	wantNotes(t, globex, "kept")
}

func TestDeleteIsRefusedWhileAnotherProcessHasTheTenantOpen(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	c := childtest.Start(t, "hold", kit.Dir.Path())
	c.Line(t)
	if err := kit.Store.Delete(t.Context(), acme.ID); !errors.Is(err, tenantdb.ErrTenantOpenElsewhere) {
		t.Errorf("got %v", err)
	}
	if err := add(acme.Context, acme.DB, "after"); err != nil {
		t.Errorf("after the refusal: %v", err)
	}
	c.Finish(t)
	if err := kit.Store.Delete(t.Context(), acme.ID); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// hold has the tenant acme open until its input ends.
func hold(args []string) error {
	dir, store, err := childStore[notes](args[0])
	if err != nil {
		return err
	}
	ctx, db, err := childTenant(store, "acme")
	if err != nil {
		return err
	}
	if err := add(ctx, db, "by the child"); err != nil {
		return err
	}
	fmt.Println("open")
	waitForInput()
	return dir.Close()
}

func TestAFolderKeepsItsLayout(t *testing.T) {
	folder := t.TempDir()
	sharded := tenanttest.Dir(t, tenantdb.Options{Path: folder, Layout: tenantdb.Sharded})
	create(t, openStore[notes](t, sharded), "acme")
	ids, err := openStore[notes](t, sharded).Tenants(t.Context())
	if err != nil || len(ids) != 1 || ids[0].String() != "acme" {
		t.Errorf("there are %v, %v", ids, err)
	}
	if _, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder}); err == nil {
		t.Error("it was opened with another layout")
	}
}

func TestOptionsThatCannotBeAreRefused(t *testing.T) {
	for name, o := range map[string]tenantdb.Options{
		"no path":          {},
		"memory":           {Path: ":memory:"},
		"a URI":            {Path: "file:data?mode=memory"},
		"negative MaxOpen": {Path: t.TempDir(), MaxOpen: -1},
		"more than files":  {Path: t.TempDir(), MaxOpen: 1 << 40},
		"negative Wait":    {Path: t.TempDir(), Wait: -1},
		"bad Layout":       {Path: t.TempDir(), Layout: 7},
		"bad Durability":   {Path: t.TempDir(), Durability: 7},
		"bad Migrate":      {Path: t.TempDir(), Migrate: 7},
		"a file as folder": {Path: os.Args[0]},
	} {
		var own *tenantdb.Error
		if _, err := tenantdb.Open(t.Context(), o); !errors.As(err, &own) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnOldHandleNeverReadsAnotherFileOfItsName(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	tenantdb.StopKeeper(kit.Dir)
	acme, globex := kit.Two()
	if err := add(globex.Context, globex.DB, "of globex"); err != nil {
		t.Fatal(err)
	}
	warm(t, acme) // which opens a reader
	folder := filepath.Join(kit.Dir.Path(), "tenants")
	// A copy under its name, as by a restore of the wrong file.
	if err := os.Rename(filepath.Join(folder, "globex.db"), filepath.Join(folder, "acme.db")); err != nil {
		t.Fatal(err)
	}
	// One reader has the old file open, the next would have to open the new one.
	err := acme.DB.Read(acme.Context, func(_ context.Context, _ *tenantdb.ReadTx[notes]) error {
		if got, err := list(acme.Context, acme.DB); !errors.Is(err, tenantdb.ErrTenantGone) {
			t.Errorf("the old handle reads %q, %v", got, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := kit.Store.Resolve(acme.Context); !errors.Is(err, tenantdb.ErrWrongTenant) {
		t.Errorf("resolving it: %v", err)
	}
	if err := os.Remove(filepath.Join(folder, "acme.db")); err != nil {
		t.Fatal(err)
	}
}

func TestATenantWhoseDeleteWasInterruptedIsGoneAndCanBeCreated(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	if err := add(acme.Context, acme.DB, "old"); err != nil {
		t.Fatal(err)
	}
	if err := tenantdb.MarkGone(t, kit.Dir, acme.DB); err != nil {
		t.Fatal(err)
	}
	if _, err := kit.Store.Resolve(acme.Context); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("resolving it: %v", err)
	}
	if _, err := list(acme.Context, acme.DB); !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("the old handle: %v", err)
	}
	if err := kit.Store.Create(t.Context(), acme.ID); err != nil {
		t.Fatal(err)
	}
	if db, err := kit.Store.Resolve(acme.Context); err != nil {
		t.Error(err)
	} else if got, err := list(acme.Context, db); err != nil || len(got) != 0 {
		t.Errorf("the new tenant has %q, %v", got, err)
	}
}

func TestNilAndZeroDirsAreRefused(t *testing.T) {
	for name, dir := range map[string]*tenantdb.Dir{"nil": nil, "zero": {}} {
		_, storeErr := tenantdb.OpenStore[notes](t.Context(), dir)
		_, globalErr := tenantdb.OpenGlobal[ledger](t.Context(), dir)
		for call, err := range map[string]error{"OpenStore": storeErr, "OpenGlobal": globalErr, "Close": dir.Close()} {
			if !errors.Is(err, tenantdb.ErrNoHandle) {
				t.Errorf("%s of a %s Dir: %v", call, name, err)
			}
		}
		if dir.Path() != "" || dir.Stats() != (tenantdb.Stats{}) {
			t.Errorf("a %s Dir has a path or stats", name)
		}
	}
}

func TestDurabilityIsThatOfTheOptions(t *testing.T) {
	for durability, want := range map[tenantdb.Durability]int64{tenantdb.Normal: 1, tenantdb.Full: 2} {
		dir := tenanttest.Dir(t, tenantdb.Options{Durability: durability})
		_, db := create(t, openStore[notes](t, dir), "acme")
		if got := tenantdb.Synchronous(t, dir, db); got != want {
			t.Errorf("with %d, PRAGMA synchronous is %d", durability, got)
		}
	}
}

func TestALogThatAnotherFileLeftIsNotTakenForANewTenants(t *testing.T) {
	folder := t.TempDir()
	c := childtest.Start(t, "writeOn", folder, "a")
	for range 6 {
		c.Line(t)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // killed
	path := filepath.Join(folder, "tenants", "a-0.db")
	if _, err := os.Stat(path + "-wal"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	ctx, db := create(t, openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{Path: folder})), "a-0")
	if got, err := list(ctx, db); err != nil || len(got) != 0 {
		t.Errorf("the new tenant has %q, %v", got, err)
	}
}

func TestALogOfAFileThatWasReplacedIsNotTakenForTheNewOnes(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	path := filepath.Join(kit.Dir.Path(), "tenants", "acme.db")
	backup := filepath.Join(t.TempDir(), "backup.db")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(backup, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := add(acme.Context, acme.DB, "after the backup"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(backup, path); err != nil {
		t.Fatal(err)
	}
	db, err := kit.Store.Resolve(acme.Context)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := list(acme.Context, db); err != nil || len(got) != 0 {
		t.Errorf("the restored file has %q, %v", got, err)
	}
}

func TestAFileThatWasEmptiedWhileOpenIsNotServed(t *testing.T) {
	folder := folderWith[notes](t)
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	store := openStore[notes](t, dir)
	ctx := tenanttest.Context(t, "acme")
	if _, err := store.Resolve(ctx); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(folder, "tenants", "acme.db"), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Resolve(ctx); err == nil {
		t.Error("it was resolved")
	}
	_ = dir.Close() // what it says of the emptied file is not what is tested
}
