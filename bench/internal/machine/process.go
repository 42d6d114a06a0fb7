package machine

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"
)

// lookEach is how often the descriptors are counted.
const lookEach = 20 * time.Millisecond

// WatchFiles counts the process's descriptors until the function is called that it returns,
// which says how many there were at most.
func WatchFiles() (most func() int) {
	stop, done := make(chan struct{}), make(chan int)
	go func() {
		seen := 0
		tick := time.NewTicker(lookEach)
		defer tick.Stop()
		for {
			if entries, err := os.ReadDir("/proc/self/fd"); err == nil {
				seen = max(seen, len(entries)-1) // one is of the looking
			}
			select {
			case <-tick.C:
			case <-stop:
				done <- seen
				return
			}
		}
	}()
	return func() int { close(stop); return <-done }
}

// ResetPeak has Peak begin anew with what the process has now: proc(5), clear_refs.
func ResetPeak() error {
	const resetPeak = "5"
	return os.WriteFile("/proc/self/clear_refs", []byte(resetPeak), 0)
}

// WithParent returns a context that ends when the process which has started this one does: go run
// leaves what it has started behind when it is told to end.
func WithParent(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	parent, done := os.Getppid(), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for os.Getppid() == parent {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
		cancel(errors.New("the process that has started this one has ended"))
	}()
	return ctx, func() {
		cancel(nil)
		<-done
	}
}

// Peak returns the most memory that the process had, since ResetPeak: proc(5), status.
func Peak() (int64, error) {
	content, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(content)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, errors.New("/proc/self/status has no VmHWM")
}
