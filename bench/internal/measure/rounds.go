package measure

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"time"
)

// longest is what one slice of work may take. A task that would take longer does fewer
// operations.
const longest = 400 * time.Millisecond

// Task is one contender's part of a comparison.
type Task struct {
	Name string

	// Prepare, where given, is called before each slice and not counted.
	Prepare func(n int) error

	// Run does n operations and counts them with the timer.
	Run func(t *Timer, n int) error
}

// Pass is a task that goes over so many things each time, which are its operations. prepare, if
// not nil, is called before each pass and not counted.
func Pass(name string, things int, prepare, run func() error) Task {
	return Task{Name: name, Run: func(timer *Timer, n int) error {
		for range n {
			if prepare != nil {
				if err := prepare(); err != nil {
					return fmt.Errorf("prepare: %w", err)
				}
			}
			timer.Start()
			err := run()
			timer.Stop(things)
			if err != nil {
				return err
			}
		}
		return nil
	}}
}

// bursts is how many slices of work a task has in a round, taking turns with the others'.
// The round's sample is the middle one of them, so that a moment in which another process
// had the processor does not spoil a round.
const bursts = 5

// Rounds says how much is measured.
type Rounds struct {
	Count int     // rounds that count, after one that does not
	Scale float64 // how many of the operations of a full run are done
}

// Interleave lets the tasks do n operations each, round by round, and returns their
// samples by name, one a round. The first round warms up, and shows which tasks are so
// slow that they do fewer operations than n.
func (r Rounds) Interleave(n int, tasks []Task) (map[string][]Sample, error) {
	counts := make([]int, len(tasks))
	for i, task := range tasks {
		count := r.scaled(n)
		few := max(count/20, 1)
		sample, err := slice(task, few)
		if err != nil {
			return nil, err
		}
		if most := int(float64(longest) / max(sample.Wall, 1)); most < count {
			count = max(most, few)
		}
		counts[i] = count
		if task.Prepare == nil && few < count {
			if _, err := slice(task, (count+1)/2); err != nil {
				return nil, err
			}
		}
	}
	samples := map[string][]Sample{}
	for round := range r.Count {
		taken := make([][]Sample, len(tasks))
		for burst := range bursts {
			for _, i := range order(round+burst, len(tasks)) {
				if burst > 0 && counts[i] < bursts {
					continue // has too few operations to be split
				}
				n := counts[i]
				if n >= bursts {
					n /= bursts
				}
				sample, err := slice(tasks[i], n)
				if err != nil {
					return nil, err
				}
				taken[i] = append(taken[i], sample)
			}
		}
		for i, task := range tasks {
			samples[task.Name] = append(samples[task.Name], middle(taken[i]))
		}
	}
	return samples, nil
}

// middle returns the sample whose wall time is the median.
func middle(samples []Sample) Sample {
	sorted := slices.SortedFunc(slices.Values(samples), func(a, b Sample) int { return cmp.Compare(a.Wall, b.Wall) })
	return sorted[len(sorted)/2]
}

// scaled returns how many operations a slice has.
func (r Rounds) scaled(n int) int { return max(int(float64(n)*r.Scale), 1) }

// order returns in which order n tasks have their turn in a round: the next one begins,
// and every second round goes backwards, so that none always follows the same other.
func order(round, n int) []int {
	indexes := make([]int, n)
	for i := range indexes {
		step := i
		if round%2 == 1 {
			step = n - i
		}
		indexes[i] = (round + step) % n
	}
	return indexes
}

func slice(task Task, n int) (Sample, error) {
	if task.Prepare != nil {
		if err := task.Prepare(n); err != nil {
			return Sample{}, fmt.Errorf("%s: prepare: %w", task.Name, err)
		}
	}
	runtime.GC()
	var t Timer
	t.beginHeap()
	err := task.Run(&t, n)
	t.endHeap()
	if err != nil {
		return Sample{}, fmt.Errorf("%s: %w", task.Name, err)
	}
	return t.sample(), nil
}
