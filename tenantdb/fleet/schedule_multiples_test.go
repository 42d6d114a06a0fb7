package fleet_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/silokit/silo/tenantdb/fleet"
)

// The time between two runs is always Every: what divides a day has the same times each day, a week begins on
// Mondays, and what divides no day does not begin anew at midnight.
func TestAScheduleRunsAtTheMultiplesOfItsTime(t *testing.T) {
	for every, want := range map[time.Duration][]string{
		time.Hour:          {"Sat 02:00", "Sat 03:00", "Sat 04:00", "Sat 05:00"},
		6 * time.Hour:      {"Sat 06:00", "Sat 12:00", "Sat 18:00", "Sun 00:00"},
		7 * time.Hour:      {"Sat 06:00", "Sat 13:00", "Sat 20:00", "Sun 03:00"},
		10 * time.Hour:     {"Sat 04:00", "Sat 14:00", "Sun 00:00", "Sun 10:00"},
		24 * time.Hour:     {"Sun 00:00", "Mon 00:00"},
		36 * time.Hour:     {"Sun 12:00", "Tue 00:00"},
		7 * 24 * time.Hour: {"Mon 00:00"},
	} {
		t.Run(every.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, "acme")
				time.Sleep(time.Until(time.Date(2000, time.January, 1, 1, 30, 0, 0, time.UTC)))
				ctx, cancel := context.WithCancelCause(t.Context())
				var at []string
				var last time.Time
				progress := func(fleet.Progress) {
					now := time.Now().UTC()
					if at = append(at, now.Format("Mon 15:04")); len(at) > 2 && now.Sub(last) != every {
						t.Errorf("after %v", now.Sub(last))
					}
					if last = now; len(at) > len(want) {
						cancel(errMeanwhile)
					}
				}
				o := fleet.RollupOptions{Name: "hourly", Since: time.Now().Add(-time.Hour), LookBack: -1}
				r, err := fleet.NewRollup(s.kit.Store, s.global, s.cat, o, sumHour, writeHour)
				if err != nil {
					t.Fatal(err)
				}
				if err := r.RunEvery(ctx, fleet.Schedule{Every: every, Jitter: -1, Options: fleet.Options{Progress: progress}}); !errors.Is(err, errMeanwhile) {
					t.Errorf("it ended with %v", err)
				}
				if at[0] != "Sat 01:30" || !slices.Equal(at[1:], want) {
					t.Errorf("it ran at %q, want %q", at, want)
				}
			})
		})
	}
}
