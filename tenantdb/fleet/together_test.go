package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/lifecycle"
	"github.com/silokit/silo/tenantdb/query"
)

// notesAnHour is how many notes of a tenant count as those of one hour.
const notesAnHour = 20

var countNotesBetween = query.Read("CountNotesBetween", "together_test.go", "SELECT count(*) FROM notes WHERE id > ? AND id <= ?")

// notesRollup sums up the notes of tenants, which have no time but a number.
func (w world) notesRollup(gdb *global.DB, hours int) (*fleet.Rollup[brand, global.Schema, int64], error) {
	return fleet.NewRollup(w.store, gdb, w.cat,
		fleet.RollupOptions{Name: "notes", Since: launch, Now: func() time.Time { return launch.Add(time.Duration(hours) * time.Hour) }},
		func(ctx context.Context, tx *tenantdb.ReadTx[brand], window fleet.Window) (int64, error) {
			hour := int64(window.From.Sub(launch) / time.Hour)
			return query.One(ctx, tenantdb.Bind(tx), countNotesBetween, func(r *query.Row, n *int64) { *n = r.Int(0) },
				query.Int(hour*notesAnHour), query.Int((hour+1)*notesAnHour))
		},
		func(ctx context.Context, tx *global.Tx, id tenantdb.ID, window fleet.Window, notes int64) error {
			return global.New(tx).UpsertTenantHourlyStats(ctx, global.UpsertTenantHourlyStatsParams{TenantID: id.String(), HourMs: window.From.UnixMilli(), Total: notes})
		})
}

// ended returns the first error of a sequence.
func ended[T any](all iter.Seq2[T, error], each func(T) error) error {
	for one, err := range all {
		if err == nil {
			err = each(one)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// operations are what goes on beside the requests, each again and again.
func (w world) operations(ctx context.Context, gdb *global.DB, target lifecycle.Target, tenants int) (map[string]func() error, error) {
	m, err := lifecycle.New(w.store, w.cat, lifecycle.Options{Backups: target})
	if err != nil {
		return nil, err
	}
	r, err := w.notesRollup(gdb, 40)
	if err != nil {
		return nil, err
	}
	return map[string]func() error{
		"a backup": func() error {
			return ended(m.BackupAll(ctx, catalog.Filter{}, lifecycle.BackupOptions{}), func(b lifecycle.TenantBackup) error { return b.Err })
		},
		"a rollup": func() error { return r.RunFrom(ctx, launch, fleet.Options{}) },
		"a query": func() error {
			n := 0
			err := ended(fleet.Query(ctx, w.store, fleet.Options{}, "SELECT body FROM notes ORDER BY id LIMIT 1"), func(row fleet.Row) error {
				if n++; row.Values[0] != "note of "+row.Tenant.String() {
					return fmt.Errorf("%v has the first note %q", row.Tenant, row.Values)
				}
				return nil
			})
			if err == nil && n != tenants {
				err = fmt.Errorf("%d rows of %d tenants", n, tenants)
			}
			return err
		},
		"a doctor": func() error {
			return ended(m.Doctor(ctx, lifecycle.DoctorOptions{Depth: lifecycle.DepthContent}), func(f lifecycle.Finding) error {
				switch f.Kind {
				case lifecycle.FoundDamage, lifecycle.FoundMissingFile, lifecycle.FoundGoneFile, lifecycle.FoundDeletedFile:
					return fmt.Errorf("%v: %s: %s", f.Tenant, f.Kind, f.Problem)
				}
				return nil // what others are at: a newer release's schema, too
			})
		},
	}, nil
}

// While migrations, backups, a rollup, a query and a doctor go over all tenants at once, requests of
// all of them see no error and no wrong row. Ordinarily each operation is done a few times, with
// SILO_TORTURE_FOR, such as 5m, for so long.
func TestRequestsGoOnWhileEverythingIsDoneToAllAtOnce(t *testing.T) {
	const tenants = 16
	long, err := time.ParseDuration("0" + os.Getenv("SILO_TORTURE_FOR"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name       string
		migrations int // of the service
		migrate    func(*testing.T, world) error
	}{
		{"migrated by the service itself", 4, func(t *testing.T, w world) error {
			_, up := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Workers: 2})
			_, redo := fleet.Redo(t.Context(), w.store, w.cat, fleet.MigrateOptions{Workers: 2})
			return errors.Join(up, redo)
		}},
		{"migrated up and down by a process of a newer release", 1, func(t *testing.T, w world) error {
			output(t, childtest.Command("migrate up and down beside others", w.dir.Path()))
			return nil
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.migrations == 1 { // another process does it
				withoutRaceDetector(t)
			}
			folder := prepare(t, tenants, 1)
			dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder, MaxOpen: 12, Wait: patience})
			if err != nil {
				t.Fatal(err)
			}
			defer dir.Close()
			w, err := enterBy(t.Context(), dir, compatible(test.migrations))
			if err != nil {
				t.Fatal(err)
			}
			gdb, err := global.Open(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			operations, err := w.operations(t.Context(), gdb, lifecycle.NewFolder(t.TempDir()), tenants)
			if err != nil {
				t.Fatal(err)
			}
			operations["a migration"] = func() error { return test.migrate(t, w) }
			end := requests(w, 8, tenants)
			repeat(t, operations, long)
			served, err := end()
			if err != nil {
				t.Error(err)
			}
			t.Logf("%d requests were served", served)
			w.wantNotesSummedUp(t, gdb, tenants)
		})
	}
}

// repeat does all at once, until each was done three times and so long has passed.
func repeat(t *testing.T, operations map[string]func() error, long time.Duration) {
	t.Helper()
	var (
		mu   sync.Mutex // guards done
		done = map[string]int{}
		all  sync.WaitGroup
	)
	enough := func(name string) bool {
		mu.Lock()
		defer mu.Unlock()
		done[name]++
		for other := range operations {
			if done[other] < 3 {
				return false
			}
		}
		return true
	}
	until := time.Now().Add(long)
	for name, operation := range operations {
		all.Go(func() {
			for {
				if err := operation(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				if (enough(name) || t.Failed()) && time.Now().After(until) || t.Failed() {
					return
				}
			}
		})
	}
	all.Wait()
	t.Logf("done: %v", done)
}

// wantNotesSummedUp holds the sums of a last run to the tenants.
func (w world) wantNotesSummedUp(t *testing.T, gdb *global.DB, tenants int) {
	t.Helper()
	r, err := w.notesRollup(gdb, 1_000)
	if err == nil {
		err = r.RunFrom(t.Context(), launch, fleet.Options{})
	}
	if err != nil {
		t.Fatal(err)
	}
	rows, of, err := w.rows(t.Context(), fleet.Options{}, "SELECT count(*) FROM notes WHERE id <= ?", int64(1_000*notesAnHour))
	if err != nil || len(of) > 0 || len(rows) != tenants {
		t.Fatalf("%d rows, %v, %v", len(rows), of, err)
	}
	for i, want := range rows {
		stats, err := global.New(gdb).ListTenantHourlyStats(t.Context(), global.ListTenantHourlyStatsParams{TenantID: name(i), FromMs: 0, UntilMs: 1 << 60})
		if err != nil {
			t.Fatal(err)
		}
		sum := int64(0)
		for _, one := range stats {
			sum += one.Total
		}
		if got := fmt.Sprintf("%s [%d]", name(i), sum); got != want {
			t.Errorf("summed up it is %s, and there is %s", got, want)
		}
	}
}
