package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// server is to the others what a process is that serves the folder: a Dir of its own, with a
// recorder.
type server struct {
	dir      *tenantdb.Dir
	store    *tenant.Store
	cat      *catalog.Catalog
	recorder *fleet.Recorder
	unsaid   map[string]int64 // calls since its last flush
}

// serve opens a folder as one more process does.
func serve(t testing.TB, folder string, o fleet.RecorderOptions) *server {
	t.Helper()
	s, err := serving(t.Context(), folder, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func serving(ctx context.Context, folder string, o fleet.RecorderOptions) (*server, error) {
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: folder, MaxOpen: 2})
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir, unsaid: map[string]int64{}}
	if s.store, err = tenant.Open(ctx, dir); err == nil {
		s.cat, err = catalog.Open(ctx, dir)
	}
	if err == nil {
		s.recorder, err = fleet.NewRecorder(dir, s.cat, o)
	}
	if err != nil {
		return nil, errors.Join(err, dir.Close())
	}
	return s, nil
}

// call asks a tenant something.
func (s *server) call(ctx context.Context, name string) error {
	ctx, err := tenantdb.WithTenant(ctx, mustID(name))
	if err != nil {
		return err
	}
	db, err := s.store.Resolve(ctx)
	if err != nil {
		return err
	}
	if _, err = tenant.New(db).ListModules(ctx, nil); err == nil {
		s.unsaid[name]++
	}
	return err
}

// end closes its files, with or without a flush before.
func (s *server) end(t testing.TB) {
	t.Helper()
	if err := s.dir.Close(); err != nil {
		t.Fatal(err)
	}
}

// recordedCalls returns the calls that are recorded of a tenant, of all hours.
func recordedCalls(t testing.TB, cat *catalog.Catalog, name string) (n int64) {
	t.Helper()
	all, err := cat.UsageOf(t.Context(), mustID(name), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		n += one.Calls
	}
	return n
}

// Processes serve, flush, end and die, while their clock is set by an hour in either direction. What
// is recorded is what was flushed, to the call: never more than was done, and less by what was
// not flushed alone.
func TestWhateverHappensWhatWasFlushedIsRecordedOnce(t *testing.T) {
	s, checks := newService(t), 0
	folder := s.kit.Dir.Path()
	rapid.Check(t, func(rt *rapid.T) {
		checks++
		names := []string{fmt.Sprintf("acme-%d", checks), fmt.Sprintf("globex-%d", checks), fmt.Sprintf("initech-%d", checks)}
		for _, name := range names {
			s.add(t, name)
		}
		now, ahead := launch.Add(30*time.Hour), 0
		open := func() *server {
			return serve(t, folder, fleet.RecorderOptions{Now: func() time.Time { return now }, KeepDays: -1})
		}
		processes := []*server{open(), open()}
		flushed, byHour := map[string]int64{}, map[string]int64{}
		since := []time.Time{now, now} // when the interval of each began
		flush := func(rt *rapid.T, i int) {
			if err := processes[i].recorder.Flush(t.Context()); err != nil {
				rt.Fatal(err)
			}
			for name, n := range processes[i].unsaid {
				flushed[name] += n
				byHour[name+" "+since[i].Truncate(time.Hour).Format(time.RFC3339)] += n
			}
			clear(processes[i].unsaid)
			since[i] = now
		}
		rt.Repeat(map[string]func(*rapid.T){
			"calls": func(rt *rapid.T) {
				one, name := processes[rapid.IntRange(0, 1).Draw(rt, "process")], rapid.SampledFrom(names).Draw(rt, "tenant")
				for range rapid.IntRange(1, 9).Draw(rt, "calls") {
					if err := one.call(t.Context(), name); err != nil {
						rt.Fatal(err)
					}
				}
			},
			"a flush": func(rt *rapid.T) { flush(rt, rapid.IntRange(0, 1).Draw(rt, "process")) },
			"an end, or a death": func(rt *rapid.T) {
				i := rapid.IntRange(0, 1).Draw(rt, "process")
				if rapid.Bool().Draw(rt, "flushed") {
					flush(rt, i)
				}
				processes[i].end(t)
				processes[i], since[i] = open(), now
			},
			"time passes": func(rt *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 100).Draw(rt, "minutes")) * time.Minute)
			},
			"the clock is set": func(rt *rapid.T) {
				to := rapid.IntRange(-1, 1).Draw(rt, "hours")
				now, ahead = now.Add(time.Duration(to-ahead)*time.Hour), to
			},
			"": func(rt *rapid.T) {
				for _, name := range names {
					if got := recordedCalls(t, s.cat, name); got != flushed[name] {
						rt.Fatalf("of %s there are %d calls, and %d were flushed", name, got, flushed[name])
					}
				}
			},
		})
		for _, name := range names {
			all, err := s.cat.UsageOf(t.Context(), mustID(name), time.Time{})
			if err != nil {
				rt.Fatal(err)
			}
			for _, one := range all {
				key := name + " " + one.Hour.Format(time.RFC3339)
				if one.Calls != byHour[key] || one.Size == 0 {
					rt.Fatalf("%s has %d calls and %d bytes, want %d calls", key, one.Calls, one.Size, byHour[key])
				}
				delete(byHour, key)
			}
		}
		for key, n := range byHour {
			rt.Fatalf("%d calls of %s are not there", n, key)
		}
		for _, one := range processes {
			one.end(t)
		}
	})
}

// failing is a service with acme, whose disk may fail, and a recorder that has nothing to write.
func failing(t *testing.T, o tenantdb.Options) (acme tenanttest.Tenant[tenant.Schema], cat *catalog.Catalog, recorder *fleet.Recorder, faults *tenanttest.Faults) {
	t.Helper()
	acme, _, cat, recorder, faults = failingTwo(t, o)
	return acme, cat, recorder, faults
}

// failingTwo is failing with a tenant more.
func failingTwo(t *testing.T, o tenantdb.Options) (acme, globex tenanttest.Tenant[tenant.Schema], cat *catalog.Catalog, recorder *fleet.Recorder, faults *tenanttest.Faults) {
	t.Helper()
	kit, faults := tenanttest.NewFailing(t, o, tenant.Open)
	cat, err := catalog.Open(t.Context(), kit.Dir)
	for _, name := range []string{"acme", "globex"} {
		if err == nil {
			_, err = cat.Register(t.Context(), catalog.Registration{ID: mustID(name)})
		}
	}
	if err == nil {
		recorder, err = fleet.NewRecorder(kit.Dir, cat, fleet.RecorderOptions{})
	}
	if err == nil {
		err = recorder.Flush(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return kit.Tenant("acme"), kit.Tenant("globex"), cat, recorder, faults
}

func ask(t *testing.T, acme tenanttest.Tenant[tenant.Schema]) {
	t.Helper()
	if _, err := tenant.New(acme.DB).ListModules(acme.Context, nil); err != nil {
		t.Fatal(err)
	}
}

func TestWhatCouldNotBeWrittenIsWrittenByTheNextFlush(t *testing.T) {
	acme, cat, recorder, faults := failing(t, tenantdb.Options{})
	for range 3 {
		ask(t, acme)
	}
	faults.Inject(tenanttest.Fault{What: tenanttest.DiskFull, Times: 1000})
	err := recorder.Flush(t.Context())
	faults.Stop()
	wantErr(t, err, tenantdb.ErrDiskFull)
	if got := recordedCalls(t, cat, "acme"); got != 0 {
		t.Errorf("%d calls are recorded on a full disk", got)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	wantErr(t, recorder.Flush(ended), context.Canceled)
	for range 2 { // the second has nothing to write
		if err := recorder.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := recordedCalls(t, cat, "acme"); got != 3 {
			t.Errorf("%d calls are recorded, want 3", got)
		}
	}
}

// A flush of which nobody knows whether it was committed is not tried again: here the commit is in
// the log, and what failed is to have it on the disk.
func TestACountIsNotAddedTwiceWhenACommitIsInDoubt(t *testing.T) {
	acme, cat, recorder, faults := failing(t, tenantdb.Options{Durability: tenantdb.Full})
	ask(t, acme)
	faults.Inject(tenanttest.Fault{What: tenanttest.FailSync})
	err := recorder.Flush(t.Context())
	faults.Stop()
	wantErr(t, err, tenantdb.ErrOutcomeUnknown)
	doubtful := recordedCalls(t, cat, "acme")
	if err := recorder.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := recordedCalls(t, cat, "acme"); got > 1 || got != doubtful {
		t.Errorf("%d calls are recorded, %d before the next flush, and one was done", got, doubtful)
	}
	ask(t, acme)
	if err := recorder.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := recordedCalls(t, cat, "acme"); got < 1 || got > 2 {
		t.Errorf("%d calls are recorded, and two were done, the second without a doubt", got)
	}
}

func TestARecorderForgetsWhatIsTooOldAndNobodyWhoIsGone(t *testing.T) {
	s := newService(t, "acme", "globex")
	recorder, err := fleet.NewRecorder(s.kit.Dir, s.cat, fleet.RecorderOptions{KeepDays: 2, Now: func() time.Time { return s.now }})
	if err != nil {
		t.Fatal(err)
	}
	old := s.now.Truncate(time.Hour)
	flush := func() {
		t.Helper()
		if err := recorder.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	flush()
	hours := func(name string) (all []time.Time) {
		t.Helper()
		rows, err := s.cat.UsageOf(t.Context(), mustID(name), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range rows {
			all = append(all, one.Hour)
		}
		return all
	}
	if got := hours("acme"); !slices.Equal(got, []time.Time{old}) {
		t.Errorf("of acme there are %v", got)
	}
	s.now = s.now.Add(48 * time.Hour)
	flush()
	if got := hours("acme"); len(got) != 1 {
		t.Errorf("after two days there are %v of acme", got)
	}
	s.ran(t, "globex", launch, true)
	one, err := s.cat.Get(t.Context(), mustID("globex"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cat.Forget(t.Context(), mustID("globex"), one.Generation); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(time.Hour)
	flush()
	if acme, globex := hours("acme"), hours("globex"); len(acme)+len(globex) != 0 {
		t.Errorf("there are still %v of acme and %v of globex", acme, globex)
	}
}

func TestARecorderFlushesAsTheClockSaysAndWhenItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, "acme")
		var failures []error
		recorder, err := fleet.NewRecorder(s.kit.Dir, s.cat, fleet.RecorderOptions{Every: time.Hour, Failed: func(err error) { failures = append(failures, err) }})
		if err != nil {
			t.Fatal(err)
		}
		if err := recorder.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := recordedCalls(t, s.cat, "acme")
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := make(chan error)
		go func() { ended <- recorder.Run(ctx) }()
		s.ran(t, "acme", launch, true)
		want := func(n int64) {
			t.Helper()
			synctest.Wait()
			if got := recordedCalls(t, s.cat, "acme") - before; got != n {
				t.Errorf("%d calls are recorded, want %d", got, n)
			}
		}
		time.Sleep(time.Until(time.Now().Truncate(time.Hour).Add(time.Hour)) - time.Second)
		want(0)
		time.Sleep(time.Second)
		want(1)
		s.ran(t, "acme", launch, true)
		cancel(errMeanwhile)
		if err := <-ended; !errors.Is(err, errMeanwhile) || len(failures) > 0 {
			t.Errorf("it ended with %v, after %v", err, failures)
		}
		want(2)
	})
}

func TestARecorderOfNothingIsRefused(t *testing.T) {
	s := newService(t)
	for name, make := range map[string]func() (*fleet.Recorder, error){
		"no Dir":     func() (*fleet.Recorder, error) { return fleet.NewRecorder(nil, s.cat, fleet.RecorderOptions{}) },
		"no catalog": func() (*fleet.Recorder, error) { return fleet.NewRecorder(s.kit.Dir, nil, fleet.RecorderOptions{}) },
	} {
		if _, err := make(); !errors.Is(err, tenantdb.ErrNoHandle) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
