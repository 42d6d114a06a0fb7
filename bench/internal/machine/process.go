package machine

import (
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

// Peak returns the most memory that the process had: proc(5), status.
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
