package fleet_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	_ "modernc.org/sqlite" // for databases that something else has open

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

func TestARunIsStoppedWhenAsManyHaveFailedAsMay(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: withTwice(t, 6, 0, 2, 4), Migrate: tenantdb.MigrateVerify}, 4)
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Workers: 1, MaxFailures: 2})
	wantErr(t, err, fleet.ErrStopped, fleet.ErrSomeFailed)
	wantCounts(t, run, catalog.RunStopped, map[catalog.Result]int{catalog.ResultDone: 1, catalog.ResultFailed: 2, catalog.ResultPlanned: 3})
	w.wantVersions(t, 1, 4, 1, 1, 1, 1)
}

func TestARunEndsWhenItsContextDoesAndCanBeResumed(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 6, 1)}, 3)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	run, err := fleet.Migrate(ctx, w.store, w.cat, fleet.MigrateOptions{Workers: 1, Result: func(r fleet.Result) {
		if r.Tenant.String() == name(2) {
			cancel()
		}
	}})
	wantErr(t, err, context.Canceled)
	wantCounts(t, run, catalog.RunStopped, map[catalog.Result]int{catalog.ResultDone: 3, catalog.ResultPlanned: 3})
	// Also while it goes over the canaries, which nobody takes for one that has failed.
	ctx, why := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	run, err = fleet.Migrate(ctx, w.store, w.cat, fleet.MigrateOptions{Resume: fleet.ResumeLast, Canaries: 2, Result: func(fleet.Result) { why(enough) }})
	wantErr(t, err, enough)
	if errors.Is(err, fleet.ErrStopped) || errors.Is(err, fleet.ErrSomeFailed) {
		t.Errorf("it ended with %v", err)
	}
	wantCounts(t, run, catalog.RunStopped, map[catalog.Result]int{catalog.ResultDone: 4, catalog.ResultPlanned: 2})
	run, err = fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.ResumeLast})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, run, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 6})
}

func TestATenantThatIsUnderWayWhenTheContextEndsHasNotFailed(t *testing.T) {
	folder := prepare(t, 3, 1)
	w := worldIn(t, tenantdb.Options{Path: folder, Migrate: tenantdb.MigrateVerify}, 3)
	held, release := holdWriter(t, folder, name(1))
	<-held
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	var watching sync.WaitGroup
	watching.Go(func() { // until the run has begun with the tenant, and waits for who writes to it
		for ctx.Err() == nil {
			if r, err := w.cat.LastRunResult(ctx, mustID(name(1))); err == nil && r.Result == catalog.ResultBegun {
				cancel(enough)
			}
		}
	})
	run, err := fleet.Migrate(ctx, w.store, w.cat, fleet.MigrateOptions{Workers: 1})
	cancel(nil)
	watching.Wait()
	release()
	wantErr(t, err, enough)
	if errors.Is(err, fleet.ErrSomeFailed) {
		t.Errorf("it ended with %v", err)
	}
	wantCounts(t, run, catalog.RunStopped, map[catalog.Result]int{catalog.ResultBegun: 1, catalog.ResultDone: 1, catalog.ResultPlanned: 1})
	w.wantVersions(t, 3, 1, 1)
	run, err = fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.ResumeLast})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, run, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 3})
}

func TestARunIsGivenUpWhenWhatBecomesOfATenantCannotBeRecorded(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 3, 1)}, 3)
	records, err := sql.Open("sqlite", filepath.Join(w.dir.Path(), "global.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := records.Close(); err != nil {
			t.Error(err)
		}
	}()
	alter := func(statement string) {
		if _, err := records.ExecContext(t.Context(), statement); err != nil {
			t.Error(err)
		}
	}
	tried := 0
	_, err = fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Workers: 1, Result: func(r fleet.Result) {
		if tried++; r.Tenant.String() == name(0) {
			alter("CREATE TRIGGER refuse BEFORE UPDATE ON silo_run_results WHEN NEW.result = 'done' BEGIN SELECT RAISE(ABORT, 'not to be recorded'); END")
		}
	}})
	if err == nil || !strings.Contains(err.Error(), "not to be recorded") {
		t.Errorf("it ended with %v", err)
	}
	if tried != 2 {
		t.Errorf("%d tenants were tried", tried)
	}
	w.wantVersions(t, 3, 1, 1)
	alter("DROP TRIGGER refuse")
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.ResumeLast})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, run, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 3})
	w.wantVersions(t, 3, 3, 3)
}

// By the bubble's clock nobody waits but for others: who is kept from the processor for longer than Wait
// has not waited.
func TestARunWaitsForWhoWritesToTheGlobalDatabaseForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := worldIn(t, tenantdb.Options{Path: prepare(t, 3, 1), Wait: 10 * time.Millisecond}, 3)
		held, release, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		var once sync.Once
		run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Workers: 1, Result: func(fleet.Result) {
			once.Do(func() {
				go func() {
					ended <- w.cat.Write(context.WithoutCancel(t.Context()), func(context.Context, *catalog.Tx) error {
						close(held)
						<-release
						return nil
					})
				}()
				<-held
				go func() { // until others have waited in vain for some times as long
					defer close(release)
					for range 5 {
						wantErr(t, w.cat.Record(context.WithoutCancel(t.Context()), catalog.Entry{Operation: "note"}), tenantdb.ErrWriterBusy)
					}
				}()
			})
		}})
		if err := errors.Join(err, <-ended); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, run, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 3})
	})
}
