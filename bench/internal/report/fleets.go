package report

import (
	"fmt"
	"io"
	"time"

	"github.com/silokit/silo/bench/internal/fleets"
	"github.com/silokit/silo/bench/internal/measure"
)

// pair are the fleets of both sizes.
type pair struct{ few, many []fleets.Fleet }

// fact is a line about fleets.
type fact struct {
	title string
	of    func(fleets.Fleet) float64
	write func(float64) string
}

// grown is how many times the memory of the smaller fleet the larger one takes.
func (p pair) grown() float64 { return medianOf(p.many, peakOf) / medianOf(p.few, peakOf) }

func peakOf(f fleets.Fleet) float64 { return float64(f.Peak) }

func medianOf(some []fleets.Fleet, of func(fleets.Fleet) float64) float64 {
	var values []float64
	for _, f := range some {
		values = append(values, of(f))
	}
	return measure.Median(values)
}

// write writes what a process of each size took, unless there was none. does says what it does, note what else
// is to be known.
func (p pair) write(w io.Writer, does, note string, facts ...fact) {
	if len(p.many) == 0 {
		return
	}
	how := "one process of each size"
	if n := len(p.many); n > 1 {
		how = fmt.Sprintf("medians of %d of each size", n)
	}
	fmt.Fprintf(w, "## Many tenants\n\nA process of its own %s; %s. "+
		"Memory is the most that was resident (VmHWM of proc(5), begun anew with each step); descriptors are the most that were seen, looked for every 20 ms.%s\n\n", does, how, note)
	facts = append([]fact{
		{"peak memory", peakOf, megabytes},
		{"descriptors", func(f fleets.Fleet) float64 { return float64(f.Files) }, number},
	}, facts...)
	header := []string{""}
	for _, side := range [][]fleets.Fleet{p.few, p.many} {
		header = append(header, fmt.Sprint(side[0].Tenants, " tenants"))
	}
	var lines [][]string
	for _, one := range facts {
		lines = append(lines, []string{one.title, one.write(medianOf(p.few, one.of)), one.write(medianOf(p.many, one.of))})
	}
	writeTable(w, header, lines)
}

// writeSteps writes what each step of the processes took.
func (p pair) writeSteps(w io.Writer) {
	if len(p.many) == 0 {
		return
	}
	var lines [][]string
	for i, step := range p.many[0].Steps {
		name := step.Name
		for _, side := range [][]fleets.Fleet{p.few, p.many} {
			of := func(get func(fleets.Step) float64) float64 {
				return medianOf(side, func(f fleets.Fleet) float64 { return get(f.Steps[i]) })
			}
			tenants := side[0].Tenants
			took, p99 := of(func(s fleets.Step) float64 { return float64(s.Took) }), of(func(s fleets.Step) float64 { return float64(s.P99) })
			line := []string{name, fmt.Sprint(tenants), duration(took), number(float64(tenants) / took * float64(time.Second)), "–", megabytes(of(func(s fleets.Step) float64 { return float64(s.Peak) }))}
			if p99 > 0 {
				line[4] = duration(p99)
			}
			lines = append(lines, line)
			name = ""
		}
	}
	writeTable(w, []string{"", "tenants", "all", "a second", "99 of 100 tenants within", "peak memory"}, lines)
}
