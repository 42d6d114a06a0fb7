package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// behind returns a store of the later migrations, and a tenant that lacks them and has a note.
func behind(t *testing.T, options tenantdb.Options) (*tenantdb.Dir, *tenantdb.Store[notesLater], tenantdb.ID) {
	t.Helper()
	options.Path = t.TempDir()
	before, err := tenantdb.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	acme := tenanttest.ID(t, "acme")
	older := openStore[notes](t, before)
	if err = older.Create(t.Context(), acme); err == nil {
		err = older.Visit(t.Context(), acme, func(ctx context.Context, db *tenantdb.TenantDB[notes]) error { return add(ctx, db, "x") })
	}
	if err := errors.Join(err, before.Close()); err != nil {
		t.Fatal(err)
	}
	dir := tenanttest.Dir(t, options)
	return dir, openStore[notesLater](t, dir), acme
}

func TestMigrateUpMigratesATenantWithoutOpeningItWhateverTheOptions(t *testing.T) {
	dir, store, acme := behind(t, tenantdb.Options{Migrate: tenantdb.MigrateVerify})
	if now, err := store.Standing(t.Context(), acme); err != nil || now.Version != 1 || now.Pending != 2 || now.Size == 0 {
		t.Errorf("%+v, %v", now, err)
	}
	began := int64(-1)
	done, err := store.MigrateUp(t.Context(), acme, tenantdb.MigrateOptions{Begin: func(_ context.Context, from int64) error { began = from; return nil }})
	if err != nil || done.From != 1 || done.To != 3 || len(done.Names) != 2 || began != 1 {
		t.Errorf("%+v, %v, begun at %d", done, err, began)
	}
	began = -1
	done, err = store.MigrateUp(t.Context(), acme, tenantdb.MigrateOptions{Begin: func(_ context.Context, from int64) error { began = from; return nil }})
	if err != nil || done.From != 3 || done.To != 3 || done.Names != nil || began != -1 {
		t.Errorf("once more: %+v, %v, begun at %d", done, err, began)
	}
	if s := dir.Stats(); s.Opened != 0 || s.Migrated != 1 {
		t.Errorf("%+v", s)
	}
	if got := store.MigrationVersions(); !slices.Equal(got, []int64{1, 2, 3}) {
		t.Errorf("%v", got)
	}
}

func TestATenantIsNotTouchedWhenBeginRefusesOrTheContextHasEnded(t *testing.T) {
	_, store, acme := behind(t, tenantdb.Options{Migrate: tenantdb.MigrateVerify})
	refused := errors.New("not now")
	_, err := store.MigrateUp(t.Context(), acme, tenantdb.MigrateOptions{Begin: func(context.Context, int64) error { return refused }})
	if !errors.Is(err, refused) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = store.MigrateUp(ctx, acme, tenantdb.MigrateOptions{Begin: func(context.Context, int64) error { cancel(); return nil }})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if now, err := store.Standing(t.Context(), acme); err != nil || now.Version != 1 {
		t.Errorf("%+v, %v", now, err)
	}
}

func TestAHandleGoesOnWhileItsTenantIsMigratedBesideIt(t *testing.T) {
	folder := t.TempDir()
	older := tenanttest.Dir(t, tenantdb.Options{Path: folder})
	kit := openStore[notes](t, older)
	acme := tenanttest.ID(t, "acme")
	if err := kit.Create(t.Context(), acme); err != nil {
		t.Fatal(err)
	}
	ctx := tenanttest.Context(t, "acme")
	db, err := kit.Resolve(ctx)
	if err == nil {
		err = add(ctx, db, "before")
	}
	if err != nil {
		t.Fatal(err)
	}
	newer, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	_, err = openStore[notesLater](t, newer).MigrateUp(t.Context(), acme, tenantdb.MigrateOptions{})
	if err := errors.Join(err, newer.Close()); err != nil {
		t.Fatal(err)
	}
	if err := add(ctx, db, "after"); err != nil {
		t.Error(err)
	}
	if got, err := list(ctx, db); err != nil || !slices.Equal(got, []string{"before", "after"}) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := kit.Resolve(ctx); !errors.Is(err, tenantdb.ErrSchemaAhead) {
		t.Errorf("the older release resolves it: %v", err)
	}
	if now, err := kit.Standing(ctx, acme); !errors.Is(err, tenantdb.ErrSchemaAhead) || now.Version != 3 {
		t.Errorf("%+v, %v", now, err)
	}
}

func TestMigrationsOfANilStoreAndOfNobody(t *testing.T) {
	dir, store, _ := behind(t, tenantdb.Options{})
	ghost := tenanttest.ID(t, "ghost")
	for _, s := range []struct {
		store *tenantdb.Store[notesLater]
		want  error
	}{{nil, tenantdb.ErrNoHandle}, {store, tenantdb.ErrUnknownTenant}} {
		_, up := s.store.MigrateUp(t.Context(), ghost, tenantdb.MigrateOptions{})
		_, onCopy := s.store.MigrateUp(t.Context(), ghost, tenantdb.MigrateOptions{On: tenantdb.OnCopy})
		_, down := s.store.MigrateDown(t.Context(), ghost, 0, tenantdb.MigrateOptions{})
		_, redo := s.store.MigrateRedo(t.Context(), ghost, tenantdb.MigrateOptions{})
		_, standing := s.store.Standing(t.Context(), ghost)
		for _, err := range []error{up, onCopy, down, redo, standing} {
			if !errors.Is(err, s.want) {
				t.Errorf("%v, want %v", err, s.want)
			}
		}
	}
	if left, err := os.ReadDir(filepath.Join(dir.Path(), "work")); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func ExampleStore_MigrateUp() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	done, err := store.MigrateUp(ctx, acme, tenantdb.MigrateOptions{})
	fmt.Println(done.From, done.To, done.Names, err)
	// Output: 8 8 [] <nil>
}

func ExampleStore_MigrateDown() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	done, err := store.MigrateDown(ctx, acme, 6, tenantdb.MigrateOptions{On: tenantdb.OnCopy}) // a dry run
	fmt.Println(done.From, done.To, done.Names, err)
	// Output: 8 6 [00008_action_search.sql 00007_audit_log_append_only.sql] <nil>
}

func ExampleStore_MigrateRedo() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	done, err := store.MigrateRedo(ctx, acme, tenantdb.MigrateOptions{})
	fmt.Println(done.From, done.To, done.Names, err)
	// Output: 8 8 [00008_action_search.sql] <nil>
}

func ExampleStore_Standing() {
	ctx, store, closeAll := exampleStore()
	defer closeAll()
	acme, _ := tenantdb.TenantFrom(ctx)
	now, err := store.Standing(ctx, acme)
	fmt.Println(now.Version, now.Pending, store.MigrationVersions(), err)
	// Output: 8 0 [1 2 3 4 5 6 7 8] <nil>
}
