package fleets

import (
	"fmt"
	"time"

	"github.com/silokit/silo/bench/internal/machine"
	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/tenantdb/fleet"
)

// Step is what one thing took that was done with all tenants.
type Step struct {
	Name string
	Took time.Duration // all tenants
	P99  time.Duration // one tenant, of 99 of 100; 0: the pace was told of none
	Peak int64         // resident memory while it was done, in bytes
}

// Work is a step that is to be done.
type Work struct {
	Name string
	Do   func(*Pace) error
}

// Do does steps, and adds what each took.
func (f *Fleet) Do(steps ...Work) error {
	for _, work := range steps {
		step, err := work.measure()
		if err != nil {
			return fmt.Errorf("%s: %w", work.Name, err)
		}
		f.Steps = append(f.Steps, step)
		f.Peak = max(f.Peak, step.Peak)
	}
	return nil
}

func (w Work) measure() (Step, error) {
	if err := machine.ResetPeak(); err != nil {
		return Step{}, err
	}
	p := &Pace{began: time.Now()}
	if err := w.Do(p); err != nil {
		return Step{}, err
	}
	step := Step{Name: w.Name, Took: time.Since(p.began)}
	if len(p.took) > 0 {
		step.P99 = time.Duration(measure.Percentile(p.took, 0.99))
	}
	var err error
	step.Peak, err = machine.Peak()
	return step, err
}

// Workers is how many tenants package fleet works on at once, where nothing else is said.
const Workers = 4

// Pace is told how long single tenants take, or, of work that says no more than that, when one is
// done: each begins when there is a place for it, which is when the one is done that was Workers before it.
type Pace struct {
	began time.Time
	done  [Workers]time.Duration // the last ones, since began
	took  []float64
}

// Took is told how long one more tenant took.
func (p *Pace) Took(one time.Duration) { p.took = append(p.took, float64(one)) }

// Step is told that one more tenant is done.
func (p *Pace) Step(at fleet.Progress) {
	now := time.Since(p.began)
	place := &p.done[at.Done%Workers]
	p.Took(now - *place)
	*place = now
}
