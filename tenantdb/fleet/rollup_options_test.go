package fleet_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/fleet"
)

func TestALookBackIsOfTwoWindowsUnlessItIsSaid(t *testing.T) {
	for option, want := range map[int]int{0: 1 + 2, 1: 1 + 1, 5: 1 + 5, -1: 1} {
		s, reads := newService(t, "acme"), 0
		r, err := fleet.NewRollup(s.kit.Store, s.global, s.cat,
			fleet.RollupOptions{Name: "hourly", Since: launch, LookBack: option, Now: func() time.Time { return s.now }}, counted(&reads), writeHour)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.RunTenant(t.Context(), mustID("acme")); err != nil {
			t.Fatal(err)
		}
		reads, s.now = 0, s.now.Add(time.Hour)
		if err := r.RunTenant(t.Context(), mustID("acme")); err != nil || reads != want {
			t.Errorf("with a look-back of %d the next hour has %d windows read, want %d: %v", option, reads, want, err)
		}
	}
}

func TestWindowsAreOfUTCWhateverTheClockShows(t *testing.T) {
	zone := time.FixedZone("", 5*3600+1800) // where another hour begins in the middle of one of UTC, and a day before it
	for period, want := range map[fleet.Period][]string{
		fleet.Hour:  {"2026-03-02T03:00:00Z", "2026-03-02T04:00:00Z", "2026-03-02T05:00:00Z"},
		fleet.Day:   {"2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z"},
		fleet.Month: {"2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"},
	} {
		since := map[fleet.Period]time.Time{
			fleet.Hour: launch.Add(27*time.Hour + 40*time.Minute), fleet.Day: launch.Add(-2 * time.Hour), fleet.Month: launch.AddDate(0, -1, 0).Add(-2 * time.Hour),
		}[period]
		s := newService(t, "acme")
		var got []string
		r, err := fleet.NewRollup(s.kit.Store, s.global, s.cat,
			fleet.RollupOptions{Name: "x", Period: period, Since: since.In(zone), Now: func() time.Time { return s.now.In(zone) }},
			func(ctx context.Context, tx *tenant.ReadTx, w fleet.Window) (tenant.SummarizeRunsRow, error) {
				got = append(got, w.From.Format(time.RFC3339))
				return sumHour(ctx, tx, w)
			}, writeHour)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.RunTenant(t.Context(), mustID("acme")); err != nil || !slices.Equal(got, want) {
			t.Errorf("the windows of a %s begin at %q, want %q: %v", period, got, want, err)
		}
	}
}

func TestARollupKnowsTheLabelsOfItsCatalog(t *testing.T) {
	s := newService(t, "acme", "globex")
	if err := s.cat.SetLabels(t.Context(), mustID("globex"), map[string]string{"plan": "pro"}); err != nil {
		t.Fatal(err)
	}
	reads := 0
	r := s.hourly(t, func(what string) error {
		if what == "read" {
			reads++
		}
		return nil
	})
	o := fleet.Options{Workers: 1, Select: fleet.Selection{Labels: map[string]string{"plan": "pro"}}}
	for name, run := range map[string]func() error{
		"run":      func() error { return r.Run(t.Context(), o) },
		"run from": func() error { return r.RunFrom(t.Context(), s.now.Add(-3*time.Hour), o) },
	} {
		reads = 0
		if err := run(); err != nil || reads == 0 {
			t.Errorf("%s: %d windows were read, %v", name, reads, err)
		}
	}
	plan, err := r.Plan(t.Context(), time.Time{}, o)
	if err != nil || plan.Tenants != 1 {
		t.Errorf("planned: %+v, %v", plan, err)
	}
	if s.mark(t, "globex").Revision == 0 || s.mark(t, "acme").Revision != 0 {
		t.Error("it has not summed up the one tenant that is meant, or another")
	}
}
