//go:build memory.counters || libc.memgrind

package tenantdb_test

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
)

// told is how often operations ended well and not.
type told struct {
	mu   sync.Mutex
	good map[string]int
	bad  map[string]int
}

func newTold() *told { return &told{good: map[string]int{}, bad: map[string]int{}} }

// tell notes how an operation ended. An error that is none of those is a failure.
func (m *mixer) tell(what string, err error, may ...error) {
	m.told.mu.Lock()
	defer m.told.mu.Unlock()
	if err == nil {
		m.told.good[what]++
		return
	}
	m.told.bad[what]++
	for _, one := range may {
		if errors.Is(err, one) {
			return
		}
	}
	m.Errorf("%s: %v", what, err)
}

// mustFail are the operations that cannot end well, mustBoth those that do and do not.
var (
	mustFail = []string{"panic in a query", "Read 0", "Read 1", "Read 2", "Write 0", "Write 1", "Write 2", "attach", "endless read",
		"endless write", "mismatch", "unknown table", "write, locked"}
	mustBoth = []string{"Read 3", "Write 3", "bulk", "by names", "changes", "delete", "delete rows", "exec", "last id", "many", "one", "part",
		"read, harmed", "resolve, harmed", "resolve, cancelled", "result", "update", "upsert"}
)

// judge fails the test if there was nothing of what it is about.
func (s *told) judge(t *testing.T) {
	for _, what := range mustFail {
		if s.bad[what] == 0 || s.good[what] > 0 {
			t.Errorf("%s: %d times well, %d times not", what, s.good[what], s.bad[what])
		}
	}
	for _, what := range mustBoth {
		if s.bad[what] == 0 || s.good[what] == 0 {
			t.Errorf("%s: %d times well, %d times not", what, s.good[what], s.bad[what])
		}
	}
}

// log logs the numbers.
func (s *told) log(t *testing.T) {
	all := maps.Clone(s.good)
	maps.Copy(all, s.bad)
	for _, what := range slices.Sorted(maps.Keys(all)) {
		t.Logf("%-20s %7d well, %7d not", what, s.good[what], s.bad[what])
	}
}
