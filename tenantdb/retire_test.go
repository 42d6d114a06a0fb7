package tenantdb_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// reopened returns a tenant with the handle to what it is now.
func reopened[S tenantdb.TenantSchema](t *testing.T, store *tenantdb.Store[S], name string) tenanttest.Tenant[S] {
	t.Helper()
	ctx := tenanttest.Context(t, name)
	db, err := store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return tenanttest.Tenant[S]{ID: tenanttest.ID(t, name), Context: ctx, DB: db}
}

func TestARetiredTenantIsGoneAndComesBackWithItsData(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	if err := add(acme.Context, acme.DB, "kept"); err != nil {
		t.Fatal(err)
	}
	r, err := kit.Store.Retire(t.Context(), acme.ID)
	if err != nil {
		t.Fatal(err)
	}
	wantFolder(t, filepath.Join(kit.Dir.Path(), "tenants"))
	if _, err := list(acme.Context, acme.DB); !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("the old handle: %v", err)
	}
	if _, err := kit.Store.Retire(t.Context(), acme.ID); !errors.Is(err, tenantdb.ErrUnknownTenant) {
		t.Errorf("again: %v", err)
	}
	listed, err := kit.Store.Retired(t.Context())
	if err != nil || len(listed) != 1 || listed[0] != r {
		t.Fatalf("listed are %+v, want %+v, %v", listed, r, err)
	}
	wantFolder(t, filepath.Join(kit.Dir.Path(), "deleted"), filepath.Base(tenantdb.RetiredPath(kit.Dir, r)))
	if got := ask(t, tenantdb.RetiredPath(kit.Dir, r), "PRAGMA application_id"); got != fmt.Sprint(0x52657469) {
		t.Errorf("the retired file is marked %s", got)
	}
	if err := kit.Store.Reinstate(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	wantFolder(t, filepath.Join(kit.Dir.Path(), "deleted"))
	if _, err := list(acme.Context, acme.DB); !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("the old handle, once it is back: %v", err)
	}
	wantNotes(t, reopened(t, kit.Store, "acme"), "kept")
	if err := kit.Store.Reinstate(t.Context(), r); !errors.Is(err, tenantdb.ErrTenantExists) {
		t.Errorf("reinstated again: %v", err)
	}
}

func TestARetiredTenantsNameIsFreeAndItsFileWaits(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	first := kit.Tenant("acme")
	if err := add(first.Context, first.DB, "first"); err != nil {
		t.Fatal(err)
	}
	r, err := kit.Store.Retire(t.Context(), first.ID)
	if err != nil {
		t.Fatal(err)
	}
	wantNotes(t, kit.Tenant("acme"))
	if err := kit.Store.Reinstate(t.Context(), r); !errors.Is(err, tenantdb.ErrTenantExists) {
		t.Errorf("beside a new tenant: %v", err)
	}
	second, err := kit.Store.Retire(t.Context(), first.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := kit.Store.Purge(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	for name, again := range map[string]error{"purge": kit.Store.Purge(t.Context(), second), "reinstate": kit.Store.Reinstate(t.Context(), second)} {
		if !errors.Is(again, tenantdb.ErrNotRetired) {
			t.Errorf("%s of what was purged: %v", name, again)
		}
	}
	if err := kit.Store.Reinstate(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	wantNotes(t, reopened(t, kit.Store, "acme"), "first")
}

func TestWhatNoListSaysIsNotReinstatedOrPurged(t *testing.T) {
	kit := tenanttest.New(t, tenantdb.OpenStore[notes])
	acme := kit.Tenant("acme")
	r, err := kit.Store.Retire(t.Context(), acme.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, incarnation := range []string{"", "../../tenants/acme", "ABCDEF", "xyz", "00"} {
		forged := tenantdb.Retired{Tenant: acme.ID, At: r.At, Incarnation: incarnation}
		for name, err := range map[string]error{"purge": kit.Store.Purge(t.Context(), forged), "reinstate": kit.Store.Reinstate(t.Context(), forged)} {
			if !errors.Is(err, tenantdb.ErrNotRetired) {
				t.Errorf("%s of %q: %v", name, incarnation, err)
			}
		}
	}
	others, err := tenantdb.OpenStore[other](t.Context(), kit.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := others.Reinstate(t.Context(), r); !errors.Is(err, tenantdb.ErrWrongSchema) {
		t.Errorf("by a store of another schema: %v", err)
	}
	if err := os.WriteFile(filepath.Join(kit.Dir.Path(), "deleted", "notes.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if listed, err := kit.Store.Retired(t.Context()); err != nil || len(listed) != 1 {
		t.Errorf("listed are %v, %v", listed, err)
	}
	if err := kit.Store.Reinstate(t.Context(), r); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// The commit that marks the file counts when its journal is no longer valid. Where the disk fails
// in making that sure, the mark is there, and the tenant is retired.
func TestARetireWhoseLastSyncFailsIsDoneOrNotAndSaysWhich(t *testing.T) {
	for after := range 6 {
		t.Run(fmt.Sprint("after ", after, " syncs"), func(t *testing.T) {
			folder := t.TempDir()
			plan := sqlitefault.Below(t, folder)
			store := openStore[notes](t, tenanttest.Dir(t, tenantdb.Options{Path: folder}))
			ctx, db := create(t, store, "acme")
			if err := add(ctx, db, "kept"); err != nil {
				t.Fatal(err)
			}
			plan.Arm(sqlitefault.Fault{File: sqlitefault.Journal, Op: sqlitefault.Sync, After: after, Code: sqlitefault.SyncFailed})
			r, err := store.Retire(t.Context(), idOf("acme"))
			plan.Disarm()
			if err == nil {
				if err := store.Reinstate(t.Context(), r); err != nil {
					t.Fatal(err)
				}
			}
			back := reopened(t, store, "acme")
			if got, err := list(back.Context, back.DB); err != nil || len(got) != 1 {
				t.Errorf("there are %q, %v", got, err)
			}
		})
	}
}

// Once the file is marked, what fails is no reason to say that the tenant is there.
func TestARetireThatFailsOnceTheFileIsMarkedIsFinishedByTheNext(t *testing.T) {
	folder := t.TempDir()
	plan := sqlitefault.Below(t, folder)
	dir := tenanttest.Dir(t, tenantdb.Options{Path: folder})
	store := openStore[notes](t, dir)
	ctx, db := create(t, store, "acme")
	if err := add(ctx, db, "kept"); err != nil {
		t.Fatal(err)
	}
	unknown := 0
	for after := 0; ; after++ {
		plan.Arm(sqlitefault.Fault{File: sqlitefault.Database, Op: sqlitefault.Read, After: after, Code: sqlitefault.ReadFailed})
		_, err := store.Retire(t.Context(), idOf("acme"))
		failed := plan.Disarm()
		if err == nil && failed == 0 {
			break
		}
		if errors.Is(err, tenantdb.ErrOutcomeUnknown) {
			unknown++
			if _, err := store.Resolve(ctx); !errors.Is(err, tenantdb.ErrUnknownTenant) {
				t.Errorf("after %d reads it is there: %v", after, err)
			}
			if _, err := store.Retire(t.Context(), idOf("acme")); err != nil {
				t.Fatal(err)
			}
		} else if err != nil {
			if got, err := list(ctx, reopened(t, store, "acme").DB); err != nil || len(got) != 1 {
				t.Errorf("after %d reads: %q, %v", after, got, err)
			}
			continue
		}
		files, err := store.Retired(t.Context())
		if err != nil || len(files) != 1 {
			t.Fatalf("after %d reads: %v, %v", after, files, err)
		}
		if err := store.Reinstate(t.Context(), files[0]); err != nil {
			t.Fatal(err)
		}
	}
	if unknown == 0 {
		t.Error("it has never failed behind its mark")
	}
}
