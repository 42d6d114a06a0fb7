package measure

import (
	"math"
	"slices"
)

// Percentile returns the value below which the part p, from 0 to 1, of the values lies,
// interpolated between neighbours; NaN of no values.
func Percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	at := p * float64(len(sorted)-1)
	low := int(math.Floor(at))
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

// Median returns the middle of the values; NaN of no values.
func Median(values []float64) float64 { return Percentile(values, 0.5) }

// Summary is a task's samples in a few numbers.
type Summary struct {
	Wall, Low, High float64 // median, p10 and p90, in nanoseconds an operation
	CPU             float64 // median
	Bytes, Allocs   float64 // medians
}

// Summarize returns the summary of samples.
func Summarize(samples []Sample) Summary {
	wall := each(samples, wallOf)
	return Summary{
		Wall:   Median(wall),
		Low:    Percentile(wall, 0.1),
		High:   Percentile(wall, 0.9),
		CPU:    Median(each(samples, cpuOf)),
		Bytes:  Median(each(samples, func(s Sample) float64 { return s.Bytes })),
		Allocs: Median(each(samples, func(s Sample) float64 { return s.Allocs })),
	}
}

// Ratio returns how many times a's wall time is b's: the median of the rounds' ratios,
// for the two were measured side by side in each.
func Ratio(a, b []Sample) float64 { return ratio(a, b, wallOf) }

// RatioCPU is Ratio of processor time.
func RatioCPU(a, b []Sample) float64 { return ratio(a, b, cpuOf) }

func ratio(a, b []Sample, of func(Sample) float64) float64 {
	var ratios []float64
	for i := range min(len(a), len(b)) {
		if over := of(b[i]); over > 0 {
			ratios = append(ratios, of(a[i])/over)
		}
	}
	return Median(ratios)
}

func wallOf(s Sample) float64 { return s.Wall }

func cpuOf(s Sample) float64 { return s.CPU }

func each(samples []Sample, of func(Sample) float64) []float64 {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	return values
}
