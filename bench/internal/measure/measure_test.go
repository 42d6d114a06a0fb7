package measure

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	tests := []struct {
		values []float64
		p      float64
		want   float64
	}{
		{[]float64{7}, 0.9, 7},
		{[]float64{3, 1, 2}, 0.5, 2},
		{[]float64{4, 1, 3, 2}, 0.5, 2.5},
		{[]float64{0, 10}, 0.1, 1},
		{[]float64{5, 1, 9}, 0, 1},
		{[]float64{5, 1, 9}, 1, 9},
	}
	for _, test := range tests {
		if got := Percentile(test.values, test.p); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("Percentile(%v, %v) = %v, want %v", test.values, test.p, got, test.want)
		}
	}
	if got := Percentile(nil, 0.5); !math.IsNaN(got) {
		t.Errorf("Percentile of nothing = %v, want NaN", got)
	}
}

func TestPercentileLeavesItsArgumentAlone(t *testing.T) {
	values := []float64{3, 1, 2}
	Median(values)
	if !slices.Equal(values, []float64{3, 1, 2}) {
		t.Errorf("Median sorted its argument: %v", values)
	}
}

func TestRatioIsThatOfTheRounds(t *testing.T) {
	// The machine was ten times slower in the second round, for both.
	a := []Sample{{Wall: 20, CPU: 30}, {Wall: 200, CPU: 300}, {Wall: 30, CPU: 30}}
	b := []Sample{{Wall: 10, CPU: 10}, {Wall: 100, CPU: 100}, {Wall: 10, CPU: 10}}
	if got := Ratio(a, b); got != 2 {
		t.Errorf("Ratio = %v, want 2", got)
	}
	if got := RatioCPU(a, b); got != 3 {
		t.Errorf("RatioCPU = %v, want 3", got)
	}
	if got := Ratio(a, nil); !math.IsNaN(got) {
		t.Errorf("Ratio to nothing = %v, want NaN", got)
	}
}

func TestSummarize(t *testing.T) {
	got := Summarize([]Sample{{1, 10, 100, 3}, {2, 20, 100, 3}, {3, 30, 100, 4}})
	want := Summary{Wall: 2, Low: 1.2, High: 2.8, CPU: 20, Bytes: 100, Allocs: 3}
	if math.Abs(got.Low-want.Low) > 1e-9 || math.Abs(got.High-want.High) > 1e-9 {
		t.Errorf("p10 %v, p90 %v, want %v, %v", got.Low, got.High, want.Low, want.High)
	}
	got.Low, got.High = want.Low, want.High
	if got != want {
		t.Errorf("Summarize = %+v, want %+v", got, want)
	}
}

func TestOrderIsAPermutationAndRotates(t *testing.T) {
	first := map[int]bool{}
	for round := range 5 {
		got := order(round, 5)
		first[got[0]] = true
		if sorted := slices.Sorted(slices.Values(got)); !slices.Equal(sorted, []int{0, 1, 2, 3, 4}) {
			t.Errorf("round %d: %v is no permutation", round, got)
		}
	}
	if len(first) != 5 {
		t.Errorf("only %d of 5 tasks were first in a round", len(first))
	}
}

func TestInterleaveCountsOperations(t *testing.T) {
	done := map[string]int{}
	task := func(name string) Task {
		return Task{Name: name, Run: func(timer *Timer, n int) error {
			timer.Start()
			done[name] += n
			timer.Stop(n)
			return nil
		}}
	}
	samples, err := Rounds{Count: 3, Scale: 0.5}.Interleave(40, []Task{task("a"), task("b")})
	if err != nil {
		t.Fatal(err)
	}
	if len(samples["a"]) != 3 || len(samples["b"]) != 3 {
		t.Errorf("%d and %d samples, want 3 each", len(samples["a"]), len(samples["b"]))
	}
	if done["a"] != done["b"] || done["a"] < 60 {
		t.Errorf("%d and %d operations, want the same, and 60 that count", done["a"], done["b"])
	}
}

func TestInterleaveStopsAtAnError(t *testing.T) {
	failure := errors.New("no")
	_, err := Rounds{Count: 1, Scale: 1}.Interleave(1, []Task{{Name: "a", Run: func(*Timer, int) error { return failure }}})
	if !errors.Is(err, failure) {
		t.Errorf("error %v, want %v", err, failure)
	}
}

func TestMiddleIsOneOfTheSamples(t *testing.T) {
	if got := middle([]Sample{{Wall: 9, CPU: 1}, {Wall: 1, CPU: 2}, {Wall: 3, CPU: 3}}); got.Wall != 3 || got.CPU != 3 {
		t.Errorf("middle = %+v, want the one of 3 ns", got)
	}
}

func TestAPassCountsItsThingsAndNotWhatItPrepares(t *testing.T) {
	prepared, passed := 0, 0
	prepare := func() error {
		prepared++
		time.Sleep(50 * time.Millisecond)
		return nil
	}
	var timer Timer
	if err := Pass("a", 10, prepare, func() error { passed++; return nil }).Run(&timer, 2); err != nil {
		t.Fatal(err)
	}
	if prepared != 2 || passed != 2 || timer.operations != 20 || timer.wall > 50*time.Millisecond {
		t.Errorf("prepared %d times, passed %d times, %d operations in %v", prepared, passed, timer.operations, timer.wall)
	}
	failure := errors.New("failure")
	if err := Pass("a", 1, func() error { return failure }, func() error { passed++; return nil }).Run(&timer, 1); !errors.Is(err, failure) || passed != 2 {
		t.Errorf("%v; passed %d times", err, passed)
	}
}
