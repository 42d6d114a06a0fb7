package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// results returns what the catalog says of a run's tenants, as "t-000 done 1-3".
func (w world) results(t testing.TB, run int64) (list []string) {
	t.Helper()
	for r, err := range w.cat.RunResults(t.Context(), run) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprintf("%v %s %d-%d", r.Tenant, r.Result, r.From, r.To))
	}
	return list
}

// wantVersions holds the files of the world's first tenants to versions.
func (w world) wantVersions(t testing.TB, want ...int64) {
	t.Helper()
	for i, version := range want {
		if got := w.version(t, name(i)); got != version {
			t.Errorf("%s is at version %d, want %d", name(i), got, version)
		}
	}
}

func wantCounts(t testing.TB, run catalog.Run, outcome catalog.Outcome, want map[catalog.Result]int) {
	t.Helper()
	if run.Outcome != outcome || fmt.Sprint(run.Counts) != fmt.Sprint(want) {
		t.Errorf("run %d is %s with %v, want %s with %v", run.ID, run.Outcome, run.Counts, outcome, want)
	}
}

func TestMigrateBringsAllThatAreBehindToTheNewestMigrationAndRecordsEach(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 5, 1)}, 3)
	if err := w.make(t.Context(), "t-new", "one"); err != nil { // made migrated, and open
		t.Fatal(err)
	}
	var told []string
	var last fleet.Progress
	run, err := fleet.Migrate(catalog.WithActor(t.Context(), "ada"), w.store, w.cat, fleet.MigrateOptions{
		Result: func(r fleet.Result) { told = append(told, fmt.Sprint(r.Tenant, " ", r.Result, " ", r.Names)) }, Progress: func(p fleet.Progress) { last = p },
	})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, run, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 5, catalog.ResultCurrent: 1})
	w.wantVersions(t, 3, 3, 3, 3, 3)
	want := []string{"t-000 done 1-3", "t-001 done 1-3", "t-002 done 1-3", "t-003 done 1-3", "t-004 done 1-3", "t-new current 3-3"}
	if got := w.results(t, run.ID); !slices.Equal(got, want) {
		t.Errorf("recorded: %q", got)
	}
	if run.Actor != "ada" || run.Kind != fleet.KindUp || run.Target != 3 || run.EndedAt.Before(run.BeganAt) {
		t.Errorf("%+v", run)
	}
	if len(told) != 6 || !slices.Contains(told, "t-000 done [00002_step.sql 00003_step.sql]") || last.Done != 6 || last.Failed != 0 {
		t.Errorf("told %q, %+v", told, last)
	}
	if now := w.dir.Stats(); now.Open != 1 {
		t.Errorf("it has opened tenants: %+v", now)
	}
	if one, err := w.cat.Get(t.Context(), mustID(name(0))); err != nil || one.Seen.SchemaVersion != 3 || one.Seen.SizeBytes == 0 {
		t.Errorf("the catalog has seen %+v, %v", one.Seen, err)
	}
	for e, err := range w.cat.Entries(t.Context(), tenantdb.ID{}) { // the newest
		if err != nil || e.Operation != fleet.KindUp || e.Actor != "ada" || e.Result != "done" || string(e.Detail) != `{"run":1}` {
			t.Errorf("the audit says %+v, %v", e, err)
		}
		break
	}
	// Once more, there is nothing to do, and no file is written.
	run, err = fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, run, catalog.RunDone, map[catalog.Result]int{catalog.ResultCurrent: 6})
}

// withTwice makes a folder with tenants of which some have two notes of one text, which the fourth
// migration does not take.
func withTwice(t testing.TB, tenants int, bad ...int) (folder string) {
	t.Helper()
	folder = prepare(t, tenants, 1)
	change(t, folder, 1, func(w world) error {
		for _, i := range bad {
			if err := w.add(t.Context(), mustID(name(i)), "note of "+name(i)); err != nil {
				return err
			}
		}
		return nil
	})
	return folder
}

// change opens a folder by so many migrations, changes it, and closes it.
func change(t testing.TB, folder string, migrations int, f func(w world) error) {
	t.Helper()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	w, err := enter(t.Context(), dir, migrations)
	if err == nil {
		err = f(w)
	}
	if err := errors.Join(err, dir.Close()); err != nil {
		t.Fatal(err)
	}
}

var mendNotes = "UPDATE notes SET body = body || id"

func TestATenantThatFailsIsAsItWasAndIsDoneByTheRunThatIsResumedAfterItIsMended(t *testing.T) {
	folder := withTwice(t, 6, 1, 4)
	w := worldIn(t, tenantdb.Options{Path: folder, Migrate: tenantdb.MigrateVerify}, 4)
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{})
	wantErr(t, err, fleet.ErrSomeFailed, tenantdb.ErrMigrationFailed, tenantdb.ErrUnique)
	wantCounts(t, run, catalog.RunFailed, map[catalog.Result]int{catalog.ResultDone: 4, catalog.ResultFailed: 2})
	w.wantVersions(t, 4, 1, 4, 4, 1, 4)
	r, err := w.cat.LastRunResult(t.Context(), mustID(name(4)))
	if err != nil || !strings.Contains(r.Error, "00004_step.sql:2: migration failed: UNIQUE constraint failed: notes.body") || r.Next == "" {
		t.Errorf("%+v, %v", r, err)
	}
	mend(t, w, name(1))
	var told []string
	o := fleet.MigrateOptions{Resume: fleet.ResumeLast, Result: func(r fleet.Result) { told = append(told, r.Tenant.String()) }}
	again, err := fleet.Migrate(t.Context(), w.store, w.cat, o)
	wantErr(t, err, fleet.ErrSomeFailed)
	if slices.Sort(told); again.ID != run.ID || !slices.Equal(told, []string{name(1), name(4)}) {
		t.Errorf("run %d went over %v", again.ID, told)
	}
	mend(t, w, name(4))
	again, err = fleet.Migrate(t.Context(), w.store, w.cat, o)
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, again, catalog.RunDone, map[catalog.Result]int{catalog.ResultDone: 6})
	w.wantVersions(t, 4, 4, 4, 4, 4, 4)
	_, err = fleet.Migrate(t.Context(), w.store, w.cat, o)
	wantErr(t, err, fleet.ErrNothingToResume)
}

// mend makes the notes of a tenant different from each other, by an older release.
func mend(t testing.TB, w world, who string) {
	t.Helper()
	change(t, w.dir.Path(), 1, func(older world) error {
		return older.store.Visit(t.Context(), mustID(who), func(ctx context.Context, handle *db) error { return execute(ctx, handle, mendNotes) })
	})
}

func TestCanariesAreMigratedFirstAndNobodyElseIfOneFails(t *testing.T) {
	for _, test := range []struct {
		bad      []int
		canaries int
		want     []int64
		outcome  catalog.Outcome
	}{
		{nil, 2, []int64{4, 4, 4, 4, 4}, catalog.RunDone},
		{[]int{1}, 2, []int64{4, 1, 1, 1, 1}, catalog.RunStopped},
		{[]int{3}, 2, []int64{4, 4, 4, 1, 4}, catalog.RunFailed},
		{[]int{0}, 9, []int64{1, 1, 1, 1, 1}, catalog.RunStopped},
	} {
		t.Run(fmt.Sprint(test.canaries, " canaries, failing: ", test.bad), func(t *testing.T) {
			w := worldIn(t, tenantdb.Options{Path: withTwice(t, 5, test.bad...), Migrate: tenantdb.MigrateVerify}, 4)
			var after []tenantdb.ID
			run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Canaries: test.canaries, AfterCanaries: func(_ context.Context, migrated []tenantdb.ID) error {
				after = migrated
				w.wantVersions(t, 4, 4, 1, 1, 1)
				return nil
			}})
			w.wantVersions(t, test.want...)
			var partial *fleet.PartialError
			if errors.As(err, &partial) && (len(partial.Failed) != len(test.bad) || partial.Done+partial.Left+len(partial.Failed) != 5 || partial.Done != run.Counts[catalog.ResultDone]) {
				t.Errorf("it counts %d that are done, %d left and %d failed, and the run %v", partial.Done, partial.Left, len(partial.Failed), run.Counts)
			}
			if run.Outcome != test.outcome || (err != nil) != (len(test.bad) > 0) {
				t.Errorf("%s, %v; want %s", run.Outcome, err, test.outcome)
			}
			if test.outcome == catalog.RunStopped {
				wantErr(t, err, fleet.ErrStopped)
			} else if !slices.Equal(after, ids(name(0), name(1))) {
				t.Errorf("the canaries were %v", after)
			}
		})
	}
}

func TestACanaryIsOneThatWasBehind(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 4, 1)}, 3)
	if _, err := w.store.MigrateUp(t.Context(), mustID(name(0)), tenantdb.MigrateOptions{}); err != nil {
		t.Fatal(err)
	}
	enough := errors.New("let us wait and see")
	o := fleet.MigrateOptions{Canaries: 2, AfterCanaries: func(_ context.Context, migrated []tenantdb.ID) error {
		if !slices.Equal(migrated, ids(name(1), name(2))) {
			t.Errorf("the canaries were %v", migrated)
		}
		return enough
	}}
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, o)
	wantErr(t, err, enough)
	wantCounts(t, run, catalog.RunPaused, map[catalog.Result]int{catalog.ResultCurrent: 1, catalog.ResultDone: 2, catalog.ResultPlanned: 1})
	w.wantVersions(t, 3, 3, 3, 1)
	run, err = fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.Resume(run.ID)})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, run, catalog.RunDone, map[catalog.Result]int{catalog.ResultCurrent: 1, catalog.ResultDone: 3})
}

func TestADryRunOfWhatIsLeftOfARunChangesNothingOfIt(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: withTwice(t, 4, 2), Migrate: tenantdb.MigrateVerify}, 4)
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{})
	wantErr(t, err, fleet.ErrSomeFailed)
	var told []string
	_, err = fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{On: tenantdb.OnCopy, Resume: fleet.ResumeLast, Result: func(r fleet.Result) {
		told = append(told, fmt.Sprint(r.Tenant, " ", r.Result))
	}})
	wantErr(t, err, fleet.ErrSomeFailed)
	if !slices.Equal(told, []string{"t-002 failed"}) {
		t.Errorf("told %q", told)
	}
	if now, err := w.cat.GetRun(t.Context(), run.ID); err != nil || now.Outcome != catalog.RunFailed || !now.EndedAt.Equal(run.EndedAt) || fmt.Sprint(now.Counts) != fmt.Sprint(run.Counts) {
		t.Errorf("the run was %+v, and is %+v, %v", run, now, err)
	}
}

func TestADryRunFailsWhereTheRunWouldAndChangesNothing(t *testing.T) {
	folder := withTwice(t, 4, 2)
	w := worldIn(t, tenantdb.Options{Path: folder, Migrate: tenantdb.MigrateVerify}, 4)
	var told []string
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{On: tenantdb.OnCopy, Result: func(r fleet.Result) {
		told = append(told, fmt.Sprintf("%v %s %d-%d", r.Tenant, r.Result, r.From, r.To))
	}})
	wantErr(t, err, fleet.ErrSomeFailed, tenantdb.ErrUnique)
	slices.Sort(told)
	if want := []string{"t-000 done 1-4", "t-001 done 1-4", "t-002 failed 1-1", "t-003 done 1-4"}; !slices.Equal(told, want) {
		t.Errorf("told %q", told)
	}
	w.wantVersions(t, 1, 1, 1, 1)
	if run.ID != 0 {
		t.Errorf("%+v", run)
	}
	if _, err := w.cat.LastRun(t.Context(), fleet.KindUp); !errors.Is(err, catalog.ErrNoRun) {
		t.Errorf("a run is recorded: %v", err)
	}
	for _, left := range glob(t, folder, "work/*") {
		t.Errorf("%s is left", left)
	}
}

func TestOneRunGoesOverAFolderAtATime(t *testing.T) {
	w := worldIn(t, tenantdb.Options{Path: prepare(t, 2, 1)}, 3)
	var once sync.Once
	_, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Result: func(fleet.Result) {
		once.Do(func() {
			_, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{})
			wantErr(t, err, fleet.ErrRunning)
			_, err = fleet.Undo(t.Context(), w.store, w.cat, 99, fleet.MigrateOptions{}) // what a run does yet is not read before it ends
			wantErr(t, err, fleet.ErrRunning)
			if is, err := fleet.Running(t.Context(), w.store); !is || err != nil {
				t.Errorf("it runs: %v, %v", is, err)
			}
		})
	}})
	if err != nil {
		t.Error(err)
	}
	if is, err := fleet.Running(t.Context(), w.store); is || err != nil {
		t.Errorf("it runs: %v, %v", is, err)
	}
}

func TestARunIsResumedAsWhatItWas(t *testing.T) {
	folder := withTwice(t, 2, 0)
	w := worldIn(t, tenantdb.Options{Path: folder, Migrate: tenantdb.MigrateVerify}, 4)
	_, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.ResumeLast})
	wantErr(t, err, fleet.ErrNothingToResume)
	wantErr(t, err, catalog.ErrNoRun)
	if own, ok := errors.AsType[*tenantdb.Error](err); !ok || own.Hint == "" || !errors.Is(own.Err, fleet.ErrNothingToResume) {
		t.Errorf("%v does not say what to do instead", err)
	}
	run, err := fleet.Migrate(t.Context(), w.store, w.cat, fleet.MigrateOptions{})
	wantErr(t, err, fleet.ErrSomeFailed)
	_, err = fleet.Redo(t.Context(), w.store, w.cat, fleet.MigrateOptions{Resume: fleet.Resume(run.ID)})
	wantErr(t, err, fleet.ErrOtherRun)
	change(t, folder, 5, func(newer world) error {
		_, err := fleet.Migrate(t.Context(), newer.store, newer.cat, fleet.MigrateOptions{Resume: fleet.ResumeLast})
		wantErr(t, err, fleet.ErrOtherRun)
		return nil
	})
	_, err = fleet.Migrate(tenanttest.Context(t, name(0)), w.store, w.cat, fleet.MigrateOptions{})
	wantErr(t, err, tenantdb.ErrTenantRebound)
}
