package many

import (
	"time"

	"github.com/silokit/silo/bench/internal/machine"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/tenantdb/fleet"
)

// Step is one thing that is done to all tenants.
type Step struct {
	Name string
	Took time.Duration // all tenants
	P99  time.Duration // one tenant, of 99 of 100; 0: it is not done to each by itself
	Peak int64         // resident memory while it is done, in bytes
}

func measured(name string, do func(*pace) error) (Step, error) {
	if err := machine.ResetPeak(); err != nil {
		return Step{}, err
	}
	p := &pace{began: time.Now()}
	if err := do(p); err != nil {
		return Step{}, err
	}
	step := Step{Name: name, Took: time.Since(p.began)}
	if len(p.took) > 0 {
		step.P99 = time.Duration(measure.Percentile(p.took, 0.99))
	}
	var err error
	step.Peak, err = machine.Peak()
	return step, err
}

// workers is how many tenants fleet works on at once, where nothing else is said.
const workers = 4

// pace tells how long single tenants take of work that says no more than when one is done:
// each begins when there is a place for it, which is when the one is done that was workers
// before it.
type pace struct {
	began time.Time
	done  [workers]time.Duration // the last ones, since began
	took  []float64
}

// step is told that one more tenant is done.
func (p *pace) step(at fleet.Progress) {
	now := time.Since(p.began)
	place := &p.done[at.Done%workers]
	p.took = append(p.took, float64(now-*place))
	*place = now
}
