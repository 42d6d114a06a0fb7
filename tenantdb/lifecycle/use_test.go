package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// writers write to a tenant, each one setting that counts up, until stopped.
type writers struct {
	w     world
	id    tenantdb.ID
	stop  chan struct{}
	group sync.WaitGroup
	acked [8]atomic.Int64 // the last count that was acknowledged
}

func (w world) write(t *testing.T, id tenantdb.ID) *writers {
	ws := &writers{w: w, id: id, stop: make(chan struct{})}
	ctx, err := tenantdb.WithTenant(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	for i := range ws.acked {
		ws.group.Go(func() {
			key := fmt.Sprint("writer ", i)
			var db *tenant.DB
			for {
				select {
				case <-ws.stop:
					return
				default:
				}
				var err error
				if db == nil {
					db, err = w.store.Resolve(ctx)
				}
				if err == nil {
					err = ws.next(ctx, db, key, &ws.acked[i])
				}
				if err != nil {
					db = nil // what was resolved before is of another file, or of none
				}
				if err != nil && !errors.Is(err, tenantdb.ErrTenantGone) && !errors.Is(err, tenantdb.ErrUnknownTenant) &&
					!errors.Is(err, catalog.ErrSuspended) && !errors.Is(err, catalog.ErrDeleting) {
					t.Errorf("%s: %v", key, err)
					return
				}
			}
		})
	}
	return ws
}

func (ws *writers) next(ctx context.Context, db *tenant.DB, key string, acked *atomic.Int64) error {
	n := acked.Load() + 1
	if err := set(ctx, db, key, strconv.FormatInt(n, 10)); err != nil {
		return err
	}
	acked.Store(n)
	return nil
}

func (ws *writers) end() { close(ws.stop); ws.group.Wait() }

func (ws *writers) counts() (list [8]int64) {
	for i := range ws.acked {
		list[i] = ws.acked[i].Load()
	}
	return list
}

// goOn waits until each writer has written once more: to a tenant that is an older one now.
func (ws *writers) goOn() {
	for i, before := range ws.counts() {
		for ws.acked[i].Load() == before {
			runtime.Gosched()
		}
	}
}

// anyCount is more than any writer reaches.
var anyCount = [8]int64{1 << 40, 1 << 40, 1 << 40, 1 << 40, 1 << 40, 1 << 40, 1 << 40, 1 << 40}

// checkCounts looks whether a tenant has at least what was acknowledged before, and at most what
// was begun until after.
func (w world) checkCounts(t *testing.T, id tenantdb.ID, before, after [8]int64) {
	t.Helper()
	ctx, err := tenantdb.WithTenant(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	db, err := w.store.Resolve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	all, err := tenant.New(db).ListConfig(ctx)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]string{}
	for _, c := range all {
		have[c.Key] = c.Value
	}
	for i := range before {
		n, _ := strconv.ParseInt(have[fmt.Sprint("writer ", i)], 10, 64)
		if n < before[i] || n > after[i]+1 {
			t.Errorf("%v: writer %d has %d, %d were acknowledged before and %d after", id, i, n, before[i], after[i])
		}
	}
}

// No write that was acknowledged is lost by what is done to the tenant meanwhile, and every
// copy has what was acknowledged before it was begun.
func TestOperationsWhileEightWorkersWriteLoseNothing(t *testing.T) {
	w := newWorld(t, lifecycle.Options{Backups: lifecycle.NewFolder(t.TempDir())})
	id := w.create(t, "acme", "first")
	swap, swaps := func() {}, 0
	lifecycle.OnStep(w.m, func(what string) {
		if strings.HasPrefix(what, "rename ") && strings.Contains(what, "acme.db.building") {
			swap()
		}
	})
	ws := w.write(t, id)
	rounds := 4
	if testing.Short() {
		rounds = 2
	}
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	for round := range rounds {
		name := func(what string) tenantdb.ID { return tenanttest.ID(t, fmt.Sprint(what, round)) }
		before := ws.counts()
		_, err := w.m.Clone(t.Context(), id, creation{ID: name("clone")})
		must("clone", err)
		w.checkCounts(t, name("clone"), before, ws.counts())

		before = ws.counts()
		b, err := w.m.Backup(t.Context(), id, lifecycle.BackupOptions{})
		must("backup", err)
		after := ws.counts()
		_, err = w.m.RestoreAs(t.Context(), id, b.Backup.Sequence, creation{ID: name("restored")})
		must("restore as", err)
		w.checkCounts(t, name("restored"), before, after)

		before = ws.counts()
		path := filepath.Join(t.TempDir(), "acme.tar")
		_, err = w.m.Export(t.Context(), id, path)
		must("export", err)
		after = ws.counts()
		_, err = w.m.Import(t.Context(), path, creation{ID: name("imported")})
		must("import", err)
		w.checkCounts(t, name("imported"), before, after)

		_, err = w.m.Suspend(t.Context(), id, lifecycle.Suspension{Allow: catalog.ReadOnly})
		must("suspend", err)
		_, err = w.m.Resume(t.Context(), id)
		must("resume", err)

		before = ws.counts()
		_, err = w.m.Delete(t.Context(), id, "")
		must("delete", err)
		_, err = w.m.Undelete(t.Context(), id)
		must("undelete", err)
		w.checkCounts(t, id, before, anyCount) // it is written to again

		// The backup that a restore has made of the old file has all that was acknowledged to it,
		// up to the moment at which it loses its name.
		swap = func() { before, swaps = ws.counts(), swaps+1 }
		done, err := w.m.Restore(t.Context(), id, lifecycle.Last)
		must("restore", err)
		swap = func() {}
		_, err = w.m.RestoreAs(t.Context(), id, done.Previous.Sequence, creation{ID: name("previous")})
		must("restore the previous", err)
		w.checkCounts(t, name("previous"), before, ws.counts())
		ws.goOn()
	}
	ws.end()
	if swaps != rounds {
		t.Errorf("the moment of a restore was seen %d times in %d", swaps, rounds)
	}
	w.wantHealthy(t)
}
