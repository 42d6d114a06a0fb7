//go:build unix

package tenantdb

import (
	"math"
	"syscall"
)

// maxFiles returns how many files the process may have open. The Go runtime has
// raised the soft limit to the hard one at its start.
func maxFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 256 // the least that any supported system starts with
	}
	return int(min(uint64(limit.Cur), math.MaxInt32))
}
