package lifecycle_test

import (
	"context"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// rehearsing returns a Manager of a tenant whose schema is behind that of the store.
func rehearsing(t *testing.T) (*lifecycle.Manager[tenantdb.RuntimeSchema], *tenantdb.Store[tenantdb.RuntimeSchema], tenantdb.ID) {
	t.Helper()
	dir, id := tenanttest.Dir(t, tenantdb.Options{}), tenanttest.ID(t, "acme")
	first := &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY);\n")}
	second := &fstest.MapFile{Data: []byte("-- +goose Up\nALTER TABLE notes ADD COLUMN body TEXT;\n")}
	old, err := tenantdb.OpenRuntimeStore(t.Context(), dir, "notes", fstest.MapFS{"00001_notes.sql": first})
	if err != nil {
		t.Fatal(err)
	}
	if err := old.Create(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	store, err := tenantdb.OpenRuntimeStore(t.Context(), dir, "notes", fstest.MapFS{"00001_notes.sql": first, "00002_body.sql": second})
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lifecycle.New(store, cat, lifecycle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m, store, id
}

// The copy is not an operation's, so that none knows of it by the tenant's lock.
func TestWhatARehearsalWorksOnIsNoLeftover(t *testing.T) {
	m, store, id := rehearsing(t)
	copies := func() []string {
		found, err := filepath.Glob(filepath.Join(store.Dir().Path(), "work", "acme.*", "*.db"))
		if err != nil {
			t.Error(err)
		}
		return found
	}
	for name, operate := range map[string]func(ctx context.Context) error{
		"backup": func(ctx context.Context) error {
			_, err := m.Backup(ctx, id, lifecycle.BackupOptions{})
			return err
		},
		"doctor": func(ctx context.Context) error {
			for f, err := range m.Doctor(ctx, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}) {
				if err != nil {
					return err
				}
				if f.Kind != lifecycle.FoundOrphanFile { // the catalog does not know it
					t.Errorf("Doctor finds %+v", f)
				}
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			rehearsal := tenantdb.MigrateOptions{On: tenantdb.OnCopy, Begin: func(context.Context, int64) error {
				if err := operate(t.Context()); err != nil {
					t.Error(err)
				}
				if found := copies(); len(found) != 1 {
					t.Errorf("it works on %v", found)
				}
				return nil
			}}
			if _, err := store.MigrateUp(t.Context(), id, rehearsal); err != nil {
				t.Error(err)
			}
			if found := copies(); len(found) != 0 {
				t.Errorf("left are %v", found)
			}
		})
	}
}

func TestEraseRemovesWhatARehearsalWorksOn(t *testing.T) {
	m, store, id := rehearsing(t)
	rehearsal := tenantdb.MigrateOptions{On: tenantdb.OnCopy, Begin: func(context.Context, int64) error {
		if _, err := m.Erase(t.Context(), id); err != nil {
			t.Error(err)
		}
		if found, err := filepath.Glob(filepath.Join(store.Dir().Path(), "work", "acme.*")); err != nil || len(found) != 0 {
			t.Errorf("left are %v, %v", found, err)
		}
		return nil
	}}
	_, _ = store.MigrateUp(t.Context(), id, rehearsal) // how it ends is all the same
}
