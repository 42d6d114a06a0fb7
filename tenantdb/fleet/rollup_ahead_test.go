package fleet_test

import (
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb/fleet"
)

// A clock that was ahead by almost two hours has closed the last window before it had ended, and
// the one before that: when it is right again, also that one is summed up anew, whatever the look-back.
func TestAClockThatWasAheadByLessThanTwoWindowsHidesNoRowsWithoutALookBack(t *testing.T) {
	s := newService(t, "acme")
	hour := s.now.Truncate(time.Hour)
	off := 115 * time.Minute
	r := s.by(t, &off, -1)
	run := func(at time.Duration) {
		t.Helper()
		s.now = hour.Add(at)
		if err := r.Run(t.Context(), fleet.Options{}); err != nil {
			t.Fatal(err)
		}
		s.ran(t, "acme", s.now, true)
	}
	run(35 * time.Minute) // it shows half past the next hour but one
	s.ran(t, "acme", hour.Add(50*time.Minute), true)
	off = 0
	run(65 * time.Minute)
	s.compare(t, "acme")
	run(125 * time.Minute)
	s.compare(t, "acme")
}

// While a long history is summed up again, how far the tenant is does not go back: other windows are in still.
func TestARecomputationThatIsEndedLeavesTheMarkWhereItWas(t *testing.T) {
	s := newService(t, "acme")
	s.now = launch.Add(700 * time.Hour) // two commits
	calls := 0
	r, err := fleet.NewRollup(s.kit.Store, s.global, s.cat,
		fleet.RollupOptions{Name: "hourly", Since: launch, Now: func() time.Time { return s.now }}, sumHour, failingAt(&calls, 700+600))
	if err == nil {
		err = r.Run(t.Context(), fleet.Options{})
	}
	if err != nil {
		t.Fatal(err)
	}
	wantErr(t, r.Recompute(t.Context(), mustID("acme"), launch), errMeanwhile)
	if m, err := s.cat.Rollup(t.Context(), "hourly", mustID("acme")); err != nil || !m.Through.Equal(s.now) {
		t.Errorf("its mark is %+v, %v", m, err)
	}
}
