//go:build unix

package durable

import (
	"io/fs"
	"syscall"
)

// names returns how many names a file has.
func names(info fs.FileInfo) uint64 {
	if of, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(of.Nlink) //nolint:unconvert // it has another type on other systems
	}
	return 1
}
