package fleet_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

func TestTheStatusSaysWhoIsBehindAndHowFar(t *testing.T) {
	s := newService(t, "acme", "globex", "initech")
	globex, err := s.cat.Get(t.Context(), mustID("globex"))
	if err != nil {
		t.Fatal(err)
	}
	base := globex.CreatedAt.UTC().Truncate(time.Hour) // initech was registered after it
	s.now = base.Add(150 * time.Minute)
	r, err := fleet.NewRollup(s.kit.Store, s.global, s.cat,
		fleet.RollupOptions{Name: "hourly", Since: base.Add(-time.Hour), Now: func() time.Time { return s.now }}, sumHour, writeHour)
	if err != nil {
		t.Fatal(err)
	}
	check := func(want string) {
		t.Helper()
		all, err := fleet.Rollups(t.Context(), s.cat, s.now)
		if err != nil || len(all) > 1 {
			t.Fatalf("%v, %v", all, err)
		}
		got := "none"
		for _, one := range all {
			got = fmt.Sprintf("%s %s %d of %d behind, through %s, lag %s", one.Name, one.Period, one.Behind, one.Tenants, one.Through.Sub(base), one.Lag(s.now))
		}
		if got != want {
			t.Errorf("the status is %q, want %q", got, want)
		}
	}
	run := func() {
		t.Helper()
		if err := r.Run(t.Context(), fleet.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	check("none")
	if err := r.RunTenant(t.Context(), mustID("acme")); err != nil {
		t.Fatal(err)
	}
	check("hourly hour 2 of 3 behind, through 0s, lag 1h30m0s") // of globex nothing is in since it is there
	run()
	check("hourly hour 0 of 3 behind, through 2h0m0s, lag 0s")
	s.now = s.now.Add(90 * time.Minute)
	check("hourly hour 3 of 3 behind, through 2h0m0s, lag 1h0m0s")
	for name, to := range map[string]catalog.Change{
		"acme":   {State: catalog.Suspended, Suspension: catalog.ReadOnly},
		"globex": {State: catalog.Quarantined}, "initech": {State: catalog.Suspended},
	} {
		if _, err := s.cat.SetState(t.Context(), mustID(name), 1, to); err != nil {
			t.Fatal(err)
		}
	}
	run()
	check("hourly hour 0 of 1 behind, through 4h0m0s, lag 0s") // nobody may open the others
}

func TestAPlanIsWhatTheRunThenDoes(t *testing.T) {
	s := newService(t, "acme", "globex")
	reads := 0
	count := func(what string) error {
		if what == "read" {
			reads++
		}
		return nil
	}
	r := s.hourly(t, count)
	one := fleet.Options{Workers: 1}
	check := func(from time.Time, tenants, windows int, run func() error) {
		t.Helper()
		plan, err := r.Plan(t.Context(), from, one)
		if want := (fleet.RollupPlan{Period: "hour", Tenants: tenants, Windows: windows, Until: s.now.Truncate(time.Hour)}); plan != want || err != nil || reads != 0 {
			t.Errorf("it plans %+v, %v, having read %d windows; want %+v", plan, err, reads, want)
		}
		if err := run(); err != nil || reads != windows {
			t.Errorf("it has read %d windows, want %d: %v", reads, windows, err)
		}
		reads = 0
		s.compare(t, "acme")
		s.compare(t, "globex")
	}
	run := func() error { return r.Run(t.Context(), one) }
	check(time.Time{}, 2, 60, run)
	s.now = s.now.Add(time.Hour)
	check(time.Time{}, 2, 10, run) // an hour, and four that it looks back
	old := s.now.Add(-20 * time.Hour)
	s.ran(t, "acme", old, true)
	s.ran(t, "globex", old.Add(time.Hour), true)
	check(old, 2, 40, func() error { return r.RunFrom(t.Context(), old, one) })
	one.Select.Tenants = ids("globex")
	check(s.now.Add(time.Hour), 1, 0, func() error { return r.RunFrom(t.Context(), s.now.Add(time.Hour), one) })
	s.ran(t, "globex", old, true)
	check(old, 1, 20, func() error { return r.RunFrom(t.Context(), old, one) })

	one.Select.Match = []string{"["}
	if _, err := r.Plan(t.Context(), time.Time{}, one); !errors.Is(err, fleet.ErrBadSelection) {
		t.Errorf("a selection that is none: %v", err)
	}
}

func TestAPlanCountsDaysAndMonthsAsTheyAre(t *testing.T) {
	s := newService(t, "acme")
	for _, test := range []struct {
		period fleet.Period
		since  time.Time
		want   int
	}{
		{fleet.Month, time.Date(2023, time.November, 20, 0, 0, 0, 0, time.UTC), 28},
		{fleet.Day, time.Date(2024, time.February, 28, 23, 0, 0, 0, time.UTC), 733},
		{fleet.Hour, launch.Add(-90 * time.Minute), 32},
		{fleet.Month, s.now, 0},
		{fleet.Day, s.now.Add(100 * time.Hour), 0},
	} {
		reads := 0
		r, err := fleet.NewRollup(s.kit.Store, s.global, s.cat,
			fleet.RollupOptions{Name: fmt.Sprint(test.period, test.want), Period: test.period, Since: test.since, Now: func() time.Time { return s.now }}, counted(&reads), writeHour)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := r.Plan(t.Context(), time.Time{}, fleet.Options{})
		if err == nil {
			err = r.Run(t.Context(), fleet.Options{})
		}
		if plan.Windows != test.want || reads != test.want || err != nil {
			t.Errorf("since %s there are %d %ss, and %d were read, want %d: %v", test.since, plan.Windows, test.period, reads, test.want, err)
		}
	}
}
