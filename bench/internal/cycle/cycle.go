// Package cycle measures the life cycle of tenants, operations of [lifecycle.Manager],
// against what people do instead with goose and with SQLite's shell: one file for each group.
// What is compared is on the disk, by fsync of the file and of its folder, when it counts as done.
package cycle

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/silokit/silo/bench/internal/measure"
	"github.com/silokit/silo/bench/internal/operate"
)

// The contenders' names.
const (
	Silo     = "silo" // the Manager, with the catalog and its audit
	Store    = "Store alone"
	Goose    = "goose"
	GooseAs  = "goose, SQLite's defaults"
	OneByOne = "silo, one at a time"
	Shell    = "shell, a process each"
	ShellOne = "shell, one process"
	Alone    = "no backup"
)

// Setting is what all groups are run with.
type Setting struct {
	operate.Bench

	Tenants   int // small ones, that are backed up
	SmallRows int // of a small tenant
	LargeRows int // of a large one
	Large     int // how many of these are backed up together
	Few, Many int // tenants of the fleets whose memory is compared
}

// left is a folder of this name that a group leaves behind until Clear: ext4 passes over inodes that
// were freed a short time ago, so who makes files after a removal would pay for it.
func (s Setting) left(name string) string { return filepath.Join(s.Dir, "left", name) }

// Clear removes what the groups have left behind, once all is measured.
func (s Setting) Clear() error { return os.RemoveAll(s.left("")) }

// timed is a task of which each slice is counted as a whole, as n operations.
func timed(name string, prepare func(n int) error, run func(n int) error) measure.Task {
	return measure.Task{Name: name, Prepare: prepare, Run: func(timer *measure.Timer, n int) error {
		timer.Start()
		err := run(n)
		timer.Stop(n)
		return err
	}}
}

// syncAll sees to it that the files and the folder are on the disk.
func syncAll(ctx context.Context, folder string, paths ...string) error {
	for _, path := range append(paths, folder) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}
