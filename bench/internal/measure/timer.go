// Package measure times tasks against each other: in rounds, each task in turn, in an
// order that rotates, so that what disturbs the machine disturbs all alike.
package measure

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// Sample is what one slice of work took, for each operation.
type Sample struct {
	Wall   float64 // nanoseconds
	CPU    float64 // nanoseconds of the whole process and of its children, in user and system mode
	Bytes  float64 // allocated on Go's heap
	Allocs float64
}

// Timer counts what passes between Start and Stop. It may be started and stopped
// many times in one slice of work.
type Timer struct {
	wall, cpu   time.Duration
	began       time.Time
	beganCPU    time.Duration
	operations  int
	before      runtime.MemStats
	bytes       uint64
	allocations uint64
}

// Start begins to count time. The wall clock is read last, and by Stop first.
func (t *Timer) Start() {
	t.beganCPU = processTime()
	t.began = time.Now()
}

// Stop ends what Start began, in which n operations were done.
func (t *Timer) Stop(n int) {
	t.wall += time.Since(t.began)
	t.cpu += processTime() - t.beganCPU
	t.operations += n
}

// sample returns what was counted, for each operation. Heap allocations are those of the
// whole slice, with what was done while the timer stood.
func (t *Timer) sample() Sample {
	n := float64(max(t.operations, 1))
	return Sample{
		Wall:   float64(t.wall) / n,
		CPU:    float64(t.cpu) / n,
		Bytes:  float64(t.bytes) / n,
		Allocs: float64(t.allocations) / n,
	}
}

func (t *Timer) beginHeap() { runtime.ReadMemStats(&t.before) }

func (t *Timer) endHeap() {
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	t.bytes = after.TotalAlloc - t.before.TotalAlloc
	t.allocations = after.Mallocs - t.before.Mallocs
}

// processTime is the processor time that the process has used, and those that it has started
// and waited for: getrusage(2).
func processTime() (sum time.Duration) {
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var usage unix.Rusage
		if err := unix.Getrusage(who, &usage); err != nil {
			panic(err) // cannot fail with these arguments
		}
		sum += time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	return sum
}
