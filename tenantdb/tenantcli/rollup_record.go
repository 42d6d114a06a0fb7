package tenantcli

import (
	"fmt"
	"time"

	"github.com/silokit/silo/tenantdb/fleet"
)

// summedUp is what a rollup has done, as it is printed.
type summedUp struct {
	Rollup  string  `json:"rollup"`
	Period  string  `json:"period"`
	DryRun  bool    `json:"dry_run"`
	Result  string  `json:"result"`
	From    *string `json:"from"` // null: from where each tenant was
	Until   *string `json:"until"`
	Tenants int     `json:"tenants"`
	Windows int     `json:"windows"` // as far as was known when it began
	Failed  int     `json:"failed"`  // of the tenants
	Took    int64   `json:"took_ms"`
}

func summedUpOf(name string, plan fleet.RollupPlan, m *summing) summedUp {
	return summedUp{
		Rollup: name, Period: plan.Period, DryRun: m.w.dryRun, Result: "summed up", From: stamp(m.from), Until: stamp(plan.Until),
		Tenants: plan.Tenants, Windows: plan.Windows,
	}
}

func (r summedUp) text(t *terminal) string {
	colour := green
	if r.Failed > 0 {
		colour = red
	}
	text := fmt.Sprintf("%s  %s  by the %s, until %s, tenants: %d, windows: %d", t.paint(colour, r.Result), r.Rollup, r.Period, *r.Until, r.Tenants, r.Windows)
	if r.DryRun {
		text = "would be " + text
	}
	if r.Failed > 0 {
		text += fmt.Sprintf(", failed: %d", r.Failed)
	}
	return text
}

// lagging is how far a rollup is, as it is printed.
type lagging struct {
	Rollup  string  `json:"rollup"`
	Period  string  `json:"period"`
	Tenants int     `json:"tenants"`
	Behind  int     `json:"behind"`
	Through *string `json:"through"` // null: there are no tenants
	Lag     int64   `json:"lag_seconds"`
	RanAt   *string `json:"ran_at"`
}

func laggingOf(s fleet.RollupStatus, lag time.Duration) lagging {
	return lagging{
		Rollup: s.Name, Period: s.Period, Tenants: s.Tenants, Behind: s.Behind, Through: stamp(s.Through),
		Lag: int64(lag / time.Second), RanAt: stamp(s.RanAt),
	}
}

func (r lagging) text(t *terminal) string {
	through, state := "-", t.paint(green, "current")
	if r.Through != nil {
		through = *r.Through
	}
	if r.Behind > 0 {
		state = t.paint(yellow, fmt.Sprintf("%d of %d behind, by %s", r.Behind, r.Tenants, time.Duration(r.Lag)*time.Second))
	}
	return fmt.Sprintf("%s  %s  through %s  %s", pad(clean(r.Rollup), 24), pad(r.Period, 5), pad(through, 20), state)
}
