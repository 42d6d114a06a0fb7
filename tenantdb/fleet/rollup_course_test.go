package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// failingAt is writeHour, which fails at its nth call.
func failingAt(calls *int, n int) func(context.Context, *global.Tx, tenantdb.ID, fleet.Window, tenant.SummarizeRunsRow) error {
	return func(ctx context.Context, tx *global.Tx, id tenantdb.ID, w fleet.Window, sum tenant.SummarizeRunsRow) error {
		if *calls++; *calls == n {
			return errMeanwhile
		}
		return writeHour(ctx, tx, id, w, sum)
	}
}

// by is the hourly rollup of a process whose clock is off by so much.
func (s *service) by(t testing.TB, off *time.Duration, lookBack int) *hourly {
	t.Helper()
	r, err := fleet.NewRollup(s.kit.Store, s.global, s.cat,
		fleet.RollupOptions{Name: "hourly", Since: launch, LookBack: lookBack, Now: func() time.Time { return s.now.Add(*off) }}, sumHour, writeHour)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatIsSummedUpAgainLeavesNothingBeforeItOut(t *testing.T) {
	s := newService(t, "acme", "globex")
	s.ran(t, "acme", launch.Add(time.Minute), true)
	r, right := s.hourly(t, nothing), time.Duration(0)
	if err := r.Recompute(t.Context(), mustID("acme"), s.now.Add(-time.Hour)); err != nil { // it never was before
		t.Fatal(err)
	}
	s.compare(t, "acme")
	s.ran(t, "acme", s.now, true)
	s.now = s.now.Add(20 * time.Hour)
	plan, err := r.Plan(t.Context(), s.now.Add(-time.Hour), fleet.Options{Select: fleet.Selection{Tenants: ids("acme", "globex")}})
	if err != nil || plan.Windows != 20+50 {
		t.Errorf("%d windows are planned, %v", plan.Windows, err)
	}
	if err := r.RunFrom(t.Context(), s.now.Add(-time.Hour), fleet.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := s.by(t, &right, 1).Run(t.Context(), fleet.Options{}); err != nil {
		t.Fatal(err)
	}
	s.compare(t, "acme")
	s.compare(t, "globex")
}

func TestAClockThatWasFarAheadHidesNoRowsHoweverLateTheNextRunIs(t *testing.T) {
	for _, ahead := range []time.Duration{3 * time.Hour, 24 * time.Hour, 365 * 24 * time.Hour} {
		s := newService(t, "acme")
		off := ahead
		r := s.by(t, &off, 2)
		if err := r.RunTenant(t.Context(), mustID("acme")); err != nil {
			t.Fatal(err)
		}
		off = 0
		s.ran(t, "acme", s.now, true)
		s.now = s.now.Add(min(ahead-2*time.Hour, 20*time.Hour))
		// It dies in between, and is run again.
		fails := 0
		dying, err := fleet.NewRollup(s.kit.Store, s.global, s.cat, fleet.RollupOptions{Name: "hourly", Since: launch.Add(-600 * time.Hour), Now: func() time.Time { return s.now }}, sumHour,
			failingAt(&fails, 550))
		if err == nil {
			err = dying.RunTenant(t.Context(), mustID("acme"))
		}
		if !errors.Is(err, errMeanwhile) {
			t.Fatal(err)
		}
		if err := r.RunTenant(t.Context(), mustID("acme")); err != nil {
			t.Fatal(err)
		}
		s.compare(t, "acme")
		if all, err := fleet.Rollups(t.Context(), s.cat, s.now); err != nil || !all[0].Through.Equal(s.now.Truncate(time.Hour)) {
			t.Errorf("ahead by %s, the status is %+v, %v", ahead, all, err)
		}
	}
}

func TestTheStatusDoesNotBelieveAClockThatWasAhead(t *testing.T) {
	s := newService(t, "acme")
	acme, err := s.cat.Get(t.Context(), mustID("acme"))
	if err != nil {
		t.Fatal(err)
	}
	base := acme.CreatedAt.UTC().Truncate(time.Hour)
	s.now = base.Add(150 * time.Minute)
	for _, test := range []struct {
		off, lag time.Duration
	}{{0, 0}, {time.Hour, 0}, {48 * time.Hour, 90 * time.Minute}, {0, 0}} {
		if err := s.by(t, &test.off, 2).Run(t.Context(), fleet.Options{}); err != nil {
			t.Fatal(err)
		}
		all, err := fleet.Rollups(t.Context(), s.cat, s.now)
		if err != nil || len(all) != 1 || all[0].Lag(s.now) != test.lag {
			t.Errorf("of a clock that is ahead by %s the status is %+v, %v", test.off, all, err)
		}
	}
}

func TestALookBackMayBeLongerThanTheHistory(t *testing.T) {
	for _, period := range []fleet.Period{fleet.Hour, fleet.Day, fleet.Month} {
		s := newService(t, "acme")
		reads := 0
		r, err := fleet.NewRollup(s.kit.Store, s.global, s.cat,
			fleet.RollupOptions{Name: "all", Period: period, Since: launch.AddDate(0, -2, 0), LookBack: math.MaxInt, Now: func() time.Time { return s.now }}, counted(&reads), writeHour)
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for range 2 {
			plan, err := r.Plan(t.Context(), time.Time{}, fleet.Options{})
			want += plan.Windows
			if err = errors.Join(err, r.RunTenant(t.Context(), mustID("acme"))); err != nil {
				t.Fatal(err)
			}
			s.now = s.now.AddDate(0, 1, 0)
		}
		if reads != want || reads < 5 {
			t.Errorf("by the %s it has read %d windows, and planned %d", period, reads, want)
		}
	}
}

func TestATenantThatIsMadeAnewMeanwhileIsNotSummedUpAsTheOneBefore(t *testing.T) {
	s := newService(t, "acme")
	acme := mustID("acme")
	s.ran(t, "acme", launch, true)
	r := s.afterReading(t, func() {
		is, err := s.cat.Get(t.Context(), acme)
		if err == nil {
			_, err = s.kit.Store.Erase(t.Context(), acme)
		}
		if err = errors.Join(err, s.cat.Forget(t.Context(), acme, is.Generation)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Until(is.CreatedAt.Add(2 * time.Millisecond))) // the catalog's times are in milliseconds
		s.add(t, "acme")
	})
	if err := r.RunTenant(t.Context(), acme); !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("got %v", err)
	}
	if got := s.summed(t, "acme"); len(got) > 0 {
		t.Errorf("it has the sums of another: %q", got)
	}
	if err := s.hourly(t, nothing).RunTenant(t.Context(), acme); err != nil {
		t.Fatal(err)
	}
	s.compare(t, "acme")
}

func TestATenantThatIsRestoredIsSummedUpAnew(t *testing.T) {
	s := newService(t, "acme", "globex")
	acme := mustID("acme")
	m, err := lifecycle.New(s.kit.Store, s.cat, lifecycle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := s.hourly(t, nothing)
	run := func() {
		t.Helper()
		if err := r.Run(t.Context(), fleet.Options{}); err != nil {
			t.Fatal(err)
		}
		s.compare(t, "acme")
	}
	s.ran(t, "acme", launch, true)
	if _, err := m.Backup(t.Context(), acme, lifecycle.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	s.ran(t, "acme", launch.Add(time.Hour), true)
	run()
	done, err := m.Restore(t.Context(), acme, lifecycle.Last)
	if err != nil {
		t.Fatal(err)
	}
	all, err := fleet.Rollups(t.Context(), s.cat, s.now.AddDate(10, 0, 0))
	if is, getErr := s.cat.Get(t.Context(), acme); err != nil || getErr != nil || all[0].Behind != 2 || all[0].Through.After(is.CreatedAt) || all[0].Through.IsZero() {
		t.Errorf("when it is restored the status is %+v, %v, %v", all, err, getErr)
	}
	again := func() {
		t.Helper()
		one := s.action["acme"]
		var err error
		if one.DB, err = s.kit.Store.Resolve(one.Context); err != nil {
			t.Fatal(err)
		}
		s.action["acme"] = one
	}
	again()
	run()
	if _, err := m.Restore(t.Context(), acme, done.Previous.Sequence); err != nil { // and as it was
		t.Fatal(err)
	}
	again()
	run()
	if got := s.summed(t, "acme"); len(got) != 2 {
		t.Errorf("in the end there are %q", got)
	}
}

// Two processes, one of which has a wrong clock at times, sum up tenants that others write to.
func TestOfTwoClocksTheSumsAreThoseOfAFullRecomputation(t *testing.T) {
	s, checks := newService(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		checks++
		name := fmt.Sprintf("acme-%d", checks)
		s.add(t, name)
		s.now = launch.Add(30 * time.Hour)
		right, off := time.Duration(0), time.Duration(0)
		processes := []*hourly{s.by(t, &right, 3), s.by(t, &off, 3)}
		rt.Repeat(map[string]func(*rapid.T){
			"a row, up to an hour late": func(rt *rapid.T) {
				late := time.Duration(rapid.IntRange(0, 3600).Draw(rt, "late")) * time.Second
				s.ran(t, name, s.now.Add(-late), rapid.Bool().Draw(rt, "succeeded"))
			},
			"time passes": func(rt *rapid.T) {
				s.now = s.now.Add(time.Duration(rapid.IntRange(1, 900).Draw(rt, "minutes")) * time.Minute)
			},
			"the other's clock is set": func(rt *rapid.T) {
				off = rapid.SampledFrom([]time.Duration{0, -time.Hour, time.Hour, -10 * time.Hour, -960 * time.Hour, 960 * time.Hour}).Draw(rt, "off")
			},
			"a run": func(rt *rapid.T) {
				if err := rapid.SampledFrom(processes).Draw(rt, "by").RunTenant(t.Context(), mustID(name)); err != nil {
					rt.Fatal(err)
				}
			},
		})
		if err := processes[0].RunTenant(t.Context(), mustID(name)); err != nil {
			rt.Fatal(err)
		}
		closed := s.now.Truncate(time.Hour).UnixMilli()
		got := slices.DeleteFunc(s.summed(t, name), func(row string) bool {
			var hour int64
			_, err := fmt.Sscan(row, &hour)
			return err == nil && hour >= closed // by a clock that was ahead
		})
		if want := s.recomputed(t, name); !slices.Equal(got, want) {
			rt.Fatalf("%s is summed up as %q, it should be %q", name, got, want)
		}
	})
}

func TestMarksThatAreRestartedConflictWithWhoHasReadBefore(t *testing.T) {
	s := newService(t, "acme")
	acme, r := mustID("acme"), s.hourly(t, nothing)
	if err := r.RunTenant(t.Context(), acme); err != nil {
		t.Fatal(err)
	}
	mark := s.mark(t, "acme")
	if err := s.cat.RestartRollups(t.Context(), acme); err != nil {
		t.Fatal(err)
	}
	wantErr(t, s.cat.AdvanceRollup(t.Context(), mark), catalog.ErrConflict)
	if now := s.mark(t, "acme"); !now.Through.IsZero() || now.Revision != mark.Revision+1 {
		t.Errorf("the mark is %+v", now)
	}
}
