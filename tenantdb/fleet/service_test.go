package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/query"
)

var countNotes = query.Read("CountNotes", "kit_test.go", "SELECT count(*) FROM notes")

// requests has workers serve requests of all tenants until it is called that is returned, which
// says what went wrong. Each reads the tenant's first note, writes another, and counts them.
func requests(w world, workers, tenants int) (end func() (served int64, err error)) {
	stop := make(chan struct{})
	errs := make([]error, workers)
	written := make([]sync.Mutex, tenants) // of each tenant, for the time of a request
	notes := make([]int64, tenants)
	served := make([]int64, workers)
	var running sync.WaitGroup
	for i := range workers {
		running.Go(func() {
			for errs[i] == nil {
				select {
				case <-stop:
					return
				default:
				}
				n := rand.N(tenants)
				written[n].Lock()
				errs[i] = w.request(name(n), &notes[n])
				written[n].Unlock()
				served[i]++
			}
		})
	}
	return func() (all int64, err error) {
		close(stop)
		running.Wait()
		for _, n := range served {
			all += n
		}
		return all, errors.Join(errs...)
	}
}

func (w world) request(name string, notes *int64) error {
	ctx, err := tenantdb.WithTenant(context.Background(), mustID(name))
	if err != nil {
		return err
	}
	handle, err := w.store.Resolve(ctx)
	if err != nil {
		return err
	}
	if note, err := first(ctx, handle); err != nil || note != "note of "+name {
		return fmt.Errorf("%s has the first note %q: %w", name, note, err)
	}
	if err := addTo(ctx, handle, fmt.Sprint(name, " ", *notes)); err != nil {
		return err
	}
	*notes++
	count, err := query.One(ctx, tenantdb.Bind(handle), countNotes, func(r *query.Row, n *int64) { *n = r.Int(0) })
	if err != nil || count != *notes+1 {
		return fmt.Errorf("%s has %d notes, want %d: %w", name, count, *notes+1, err)
	}
	return nil
}

func TestRequestsGoOnWhileAllAreMigrated(t *testing.T) {
	const tenants = 40
	here := func(t *testing.T, w world) {
		if _, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Workers: 2}); err != nil {
			t.Error(err)
		}
	}
	elsewhere := func(t *testing.T, w world) {
		withoutRaceDetector(t)
		output(t, childtest.Command("migrate beside others", w.dir.Path()))
	}
	for _, test := range []struct {
		name       string
		migrations int // of the service
		migrate    func(*testing.T, world)
	}{
		{"by the service itself", 4, here},
		{"by another process, of the service's release", 4, elsewhere},
		{"by another process, of a release that the service's can live with", 1, elsewhere},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := prepare(t, tenants, 1)
			dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder, MaxOpen: 24, Wait: patience})
			if err != nil {
				t.Fatal(err)
			}
			defer dir.Close()
			w, err := enterBy(t.Context(), dir, compatible(test.migrations))
			if err != nil {
				t.Fatal(err)
			}
			end := requests(w, 8, tenants)
			test.migrate(t, w)
			served, err := end()
			if err != nil {
				t.Error(err)
			}
			t.Logf("%d requests were served", served)
			for i := range tenants {
				if v := w.version(t, name(i)); v != 4 {
					t.Errorf("%s is at version %d", name(i), v)
				}
			}
		})
	}
}
