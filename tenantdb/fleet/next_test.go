package fleet_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/query"
)

// Whatever a tenant fails of, its record says what to do next, and the others are done.
func TestEachWayToFailIsNamedWithWhatToDo(t *testing.T) {
	folder := prepare(t, 12, 1)
	file := func(i int) string { return fileIn(folder, i) }
	ahead := prepare(t, 12, 5)
	other := t.TempDir()
	elsewhere := func(i int) error {
		dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: other})
		if err != nil {
			return err
		}
		store, err := tenantdb.OpenRuntimeStore(t.Context(), dir, "letters", schemaOf(1))
		if err == nil {
			err = store.Create(t.Context(), mustID(name(i)))
		}
		if err = errors.Join(err, dir.Close()); err != nil {
			return err
		}
		return put(fileIn(other, i), file(i), nil)
	}
	half := func(content []byte) []byte { return content[:len(content)/2+100] }
	for i, spoil := range map[int]func() error{
		1: func() error { return put(file(1), file(1), half) },
		3: func() error { return os.WriteFile(file(3), []byte("a letter, not a database\n"), 0o600) },
		4: func() error { return os.WriteFile(file(4), nil, 0o600) },
		5: func() error { return put(fileIn(ahead, 5), file(5), nil) }, // of a newer release
		6: func() error { return put(file(0), file(6), nil) },          // another tenant's
		7: func() error { return elsewhere(7) },
		8: func() error { return os.Remove(file(8)) },
		9: func() error { return errors.Join(os.Remove(file(9)), os.Mkdir(file(9), 0o700)) },
		10: func() error { // a log that is of no database
			return os.WriteFile(file(10)+"-wal", bytes.Repeat([]byte("garbage\n"), 5000), 0o600)
		},
	} {
		if err := spoil(); err != nil {
			t.Fatal(i, err)
		}
	}
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder, Migrate: tenantdb.MigrateVerify})
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	w, err := enter(t.Context(), dir, 4)
	if err != nil {
		t.Fatal(err)
	}
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{})
	wantErr(t, err, fleet.ErrSomeFailed)
	for r, err := range w.cat.RunResults(t.Context(), run.ID) {
		if err != nil {
			t.Fatal(err)
		}
		whole := slices.Contains(ids(name(0), name(2), name(10), name(11)), r.Tenant)
		if (r.Result == catalog.ResultDone) != whole {
			t.Errorf("%v is %s: %s", r.Tenant, r.Result, r.Error)
		}
		if r.Result == catalog.ResultFailed && (r.Error == "" || r.Next == "") {
			t.Errorf("%v failed with %q, and to do is %q", r.Tenant, r.Error, r.Next)
		}
	}
	rows, _, err := w.rows(t.Context(), fleet.Options{Select: fleet.Selection{Tenants: ids(name(0), name(10), name(11))}}, "SELECT body FROM notes")
	if err != nil || len(rows) != 3 || !strings.Contains(rows[1], "note of t-010") {
		t.Errorf("the others have %q, %v", rows, err)
	}
}

// A tenant that somebody writes to for ever fails when it has been waited for, and the others are done.
// It is the bubble's clock that says so: who is kept from the processor for as long has not waited.
func TestATenantThatOthersHoldIsWaitedForAsLongAsIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := prepare(t, 3, 1)
		var holder, w world // with a Dir each, as two processes have
		for migrations, one := range map[int]*world{1: &holder, 3: &w} {
			dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder, Migrate: tenantdb.MigrateVerify})
			if err != nil {
				t.Fatal(err)
			}
			defer dir.Close()
			if *one, err = enter(t.Context(), dir, migrations); err != nil {
				t.Fatal(err)
			}
		}
		held, release, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			ended <- holder.store.Visit(context.WithoutCancel(t.Context()), mustID(name(1)), func(ctx context.Context, handle *db) error {
				return handle.Write(ctx, func(ctx context.Context, tx *tenantdb.Tx[brand]) error {
					if err := query.Exec(ctx, tenantdb.Bind(tx), addNote, query.Text("held")); err != nil {
						return err
					}
					close(held)
					<-release
					return nil
				})
			})
		}()
		<-held
		run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Workers: 1, Wait: 20 * time.Millisecond})
		wantErr(t, err, tenantdb.ErrLocked)
		wantCounts(t, run, catalog.RunFailed, map[catalog.Result]int{catalog.ResultDone: 2, catalog.ResultFailed: 1})
		close(release)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		run, err = fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.ResumeLast})
		if err != nil {
			t.Fatal(err)
		}
		wantCounts(t, run, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 3})
	})
}

func fileIn(folder string, i int) string { return filepath.Join(folder, "tenants", name(i)+".db") }

// put copies a file that nobody has open, changed by f, if that is not nil.
func put(from, to string, f func([]byte) []byte) error {
	content, err := os.ReadFile(from)
	if err == nil && f != nil {
		content = f(content)
	}
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	return err
}
