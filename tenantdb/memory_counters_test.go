//go:build memory.counters && !libc.memgrind

package tenantdb_test

import (
	"testing"

	"modernc.org/libc"
)

// counted is how many pieces of C memory are in use. How many bytes libc keeps mapped for
// them is its own affair: it keeps what was freed for the next.
type counted int

// startCount returns what counts it.
func startCount(*testing.T) func() counted {
	return func() counted {
		s := libc.MemStat()
		return counted(s.Allocs)
	}
}
