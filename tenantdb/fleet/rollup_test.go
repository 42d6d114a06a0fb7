package fleet_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
)

func TestARollupSumsUpTheWindowsThatAreClosed(t *testing.T) {
	s := newService(t, "acme", "globex")
	s.ran(t, "acme", launch.Add(time.Minute), true)
	s.ran(t, "acme", launch.Add(2*time.Minute), false)
	s.ran(t, "globex", s.now.Add(-time.Hour), true)
	s.ran(t, "globex", s.now, true) // in the hour that it is
	calls := 0
	r := s.hourly(t, func(string) error { calls++; return nil })
	if err := r.Run(t.Context(), fleet.Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	if got := len(s.summed(t, "acme")); got != 1 || calls != 2*2*30 {
		t.Errorf("acme has %d hours, and there were %d calls for 30 hours of two tenants", got, calls)
	}
	s.compare(t, "acme")
	s.compare(t, "globex")

	calls = 0
	s.now = s.now.Add(time.Hour)
	if err := r.RunTenant(t.Context(), mustID("globex")); err != nil || calls != 2*(1+4) {
		t.Errorf("an hour later there were %d calls, for that hour and four before it: %v", calls, err)
	}
	s.compare(t, "globex")
}

func TestOldRowsAreSummedUpByRecompute(t *testing.T) {
	s := newService(t, "acme")
	r := s.hourly(t, nothing)
	old := launch.Add(3 * time.Hour)
	if err := r.RunTenant(t.Context(), mustID("acme")); err != nil {
		t.Fatal(err)
	}
	s.ran(t, "acme", old, true)
	if err := r.RunTenant(t.Context(), mustID("acme")); err != nil || len(s.summed(t, "acme")) != 0 {
		t.Fatalf("a row of a day ago is there without being asked for: %v", err)
	}
	if err := r.Recompute(t.Context(), mustID("acme"), old); err != nil {
		t.Fatal(err)
	}
	s.compare(t, "acme")
}

func TestAClockThatWasAheadHidesNoRows(t *testing.T) {
	s := newService(t, "acme")
	r, err := fleet.NewRollup(s.kit.Store, s.global, s.cat, fleet.RollupOptions{Name: "hourly", Since: launch, LookBack: 1, Now: func() time.Time { return s.now }}, sumHour, writeHour)
	if err != nil {
		t.Fatal(err)
	}
	run := func() {
		t.Helper()
		if err := r.RunTenant(t.Context(), mustID("acme")); err != nil {
			t.Fatal(err)
		}
	}
	right := s.now
	s.now = right.Add(time.Hour)
	run()
	s.now = right
	s.ran(t, "acme", right.Truncate(time.Hour).Add(-time.Minute), true)
	run()
	s.compare(t, "acme")
	s.ran(t, "acme", right, true) // in an hour that counted as closed
	s.now = right.Add(time.Hour)
	run()
	s.compare(t, "acme")
}

func TestOfTwoRunsTheLaterReadingCounts(t *testing.T) {
	s := newService(t, "acme")
	hour := s.now.Truncate(time.Hour).Add(-time.Hour)
	s.ran(t, "acme", hour, true)
	other, once := s.hourly(t, nothing), false
	r := s.afterReading(t, func() {
		if once {
			return
		}
		once = true
		s.ran(t, "acme", hour.Add(time.Second), true)
		if err := other.RunTenant(t.Context(), mustID("acme")); err != nil {
			t.Error(err)
		}
	})
	if err := r.RunTenant(t.Context(), mustID("acme")); err != nil || !once {
		t.Fatal(once, err)
	}
	s.compare(t, "acme")
}

var errMeanwhile = errors.New("this one fails")

// afterReading is the rollup with f between what it reads of a tenant and what it writes: there it
// looks at its clock for the second time.
func (s *service) afterReading(t testing.TB, f func()) *hourly {
	t.Helper()
	looks := 0
	r, err := fleet.NewRollup(s.kit.Store, s.global, s.cat, fleet.RollupOptions{Name: "hourly", Since: launch, Now: func() time.Time {
		if looks++; looks == 2 {
			f()
		}
		return s.now
	}}, sumHour, writeHour)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhateverHappensTheSumsAreThoseOfAFullRecomputation(t *testing.T) {
	s, checks := newService(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		checks++
		names := []string{fmt.Sprintf("acme-%d", checks), fmt.Sprintf("globex-%d", checks)}
		for _, name := range names {
			s.add(t, name)
		}
		both := fleet.Options{Select: fleet.Selection{Tenants: ids(names...)}, Workers: 1}
		s.now = launch.Add(30 * time.Hour)
		fails := 0 // the call of the rollup's functions that fails; 0: none
		r := s.hourly(t, func(string) error {
			if fails--; fails == 0 {
				return errMeanwhile
			}
			return nil
		})
		ahead := 0 // hours that the clock is, by which it may be off
		rt.Repeat(map[string]func(*rapid.T){
			"a row, up to an hour late": func(rt *rapid.T) {
				late := time.Duration(rapid.IntRange(0, 3600).Draw(rt, "late")) * time.Second
				s.ran(t, rapid.SampledFrom(names).Draw(rt, "tenant"), s.now.Add(-late), rapid.Bool().Draw(rt, "succeeded"))
			},
			"time passes": func(rt *rapid.T) {
				s.now = s.now.Add(time.Duration(rapid.IntRange(1, 200).Draw(rt, "minutes")) * time.Minute)
			},
			"the clock is set": func(rt *rapid.T) {
				to := rapid.IntRange(-1, 1).Draw(rt, "hours")
				s.now = s.now.Add(time.Duration(to-ahead) * time.Hour)
				ahead = to
			},
			"a run": func(rt *rapid.T) {
				if err := r.Run(t.Context(), both); err != nil {
					rt.Fatal(err)
				}
			},
			"a run that is ended": func(rt *rapid.T) {
				fails = rapid.IntRange(1, 30).Draw(rt, "at")
				if err := r.RunTenant(t.Context(), mustID(rapid.SampledFrom(names).Draw(rt, "tenant"))); err != nil && !errors.Is(err, errMeanwhile) {
					rt.Fatal(err)
				}
				fails = 0
			},
		})
		s.now = s.now.Add(time.Duration(2-ahead) * time.Hour)
		if err := r.Run(t.Context(), both); err != nil {
			rt.Fatal(err)
		}
		for _, name := range names {
			if got, want := s.summed(t, name), s.recomputed(t, name); !slices.Equal(got, want) {
				rt.Fatalf("%s is summed up as %q, it should be %q", name, got, want)
			}
		}
	})
}

func TestATenantThatIsErasedTakesItsMarks(t *testing.T) {
	s := newService(t, "acme", "globex")
	if err := s.hourly(t, nothing).Run(t.Context(), fleet.Options{}); err != nil {
		t.Fatal(err)
	}
	acme := mustID("acme")
	one, err := s.cat.Get(t.Context(), acme)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cat.Forget(t.Context(), acme, one.Generation); err != nil {
		t.Fatal(err)
	}
	for m, err := range s.cat.Rollups(t.Context()) {
		if err != nil || m.Tenant == acme {
			t.Errorf("there is still a mark %v, %v", m, err)
		}
	}
	// And one that was erased between reading and writing gets none.
	late := s.afterReading(t, func() {
		if _, err := s.kit.Store.Erase(t.Context(), acme); err != nil {
			t.Error(err)
		}
	})
	if err := late.RunTenant(t.Context(), acme); !errors.Is(err, tenantdb.ErrTenantGone) {
		t.Errorf("a tenant that was erased is summed up: %v", err)
	}
	if m, err := s.cat.Rollup(t.Context(), "hourly", acme); err != nil || m.Revision != 0 {
		t.Errorf("it has the mark %v, %v", m, err)
	}
}

func TestOptionsThatAreNoneAreRefused(t *testing.T) {
	s := newService(t)
	for name, o := range map[string]fleet.RollupOptions{
		"no name":    {Since: launch},
		"no since":   {Name: "x"},
		"no period":  {Name: "x", Since: launch, Period: 9},
		"a negative": {Name: "x", Since: launch, Period: -1},
	} {
		if _, err := fleet.NewRollup(s.kit.Store, s.global, s.cat, o, sumHour, writeHour); !errors.Is(err, fleet.ErrBadRollup) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARollupOfOneNameHasOnePeriod(t *testing.T) {
	s := newService(t, "acme")
	if err := s.hourly(t, nothing).Run(t.Context(), fleet.Options{}); err != nil {
		t.Fatal(err)
	}
	daily, err := fleet.NewRollup(s.kit.Store, s.global, s.cat, fleet.RollupOptions{Name: "hourly", Period: fleet.Day, Since: launch, Now: func() time.Time { return s.now }}, sumHour, writeHour)
	if err != nil {
		t.Fatal(err)
	}
	if err := daily.Run(t.Context(), fleet.Options{}); !errors.Is(err, fleet.ErrBadRollup) {
		t.Errorf("by the day: %v", err)
	}
}
