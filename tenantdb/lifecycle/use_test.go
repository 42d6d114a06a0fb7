package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
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
				if err != nil && !isRefusal(err) {
					t.Errorf("%s: %v", key, err)
					return
				}
			}
		})
	}
	return ws
}

// isRefusal reports whether an error is of a tenant that is gone, or that nobody may reach.
func isRefusal(err error) bool {
	for _, of := range []error{tenantdb.ErrTenantGone, tenantdb.ErrUnknownTenant, catalog.ErrSuspended, catalog.ErrQuarantined, catalog.ErrDeleting, catalog.ErrCreating} {
		if errors.Is(err, of) {
			return true
		}
	}
	return false
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
