package tenanttest

import (
	"context"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
)

// Fault is what goes wrong with the files of a data folder: of one kind of operation, the
// nth and those that follow it.
type Fault struct {
	What FaultKind

	// After is how many such operations succeed before. Defaults to 0: the first fails.
	After int

	// Times is how many fail then. Defaults to 1; the operations behind them succeed.
	Times int
}

// FaultKind is an operation and how it fails. An operation is one that SQLite asks of the
// operating system for a database, its log or its journal; a write of several pages of the
// log is one.
type FaultKind int

const (
	// FailOpen is a file that cannot be opened.
	FailOpen FaultKind = iota
	// FailRead is a read that the disk refuses: [tenantdb.ErrIO].
	FailRead
	// FailWrite is a write that the disk refuses: [tenantdb.ErrIO].
	FailWrite
	// FailSync is an fsync that reports that bytes were lost: [tenantdb.ErrIO]. With the
	// default durability a commit makes none, but a checkpoint does; with [tenantdb.Full]
	// each commit does.
	FailSync
	// DiskFull is a write for which there is no room, which writes its first half:
	// [tenantdb.ErrDiskFull].
	DiskFull
)

// Faults has the files of a Kit's folder fail, those of SQLite's; other files, such as
// backups, do not. It may be used by many goroutines.
type Faults struct{ plan *sqlitefault.Plan }

// NewFailing is [New] for a test of what the application does when a disk fails: nothing
// does until Inject. The options are those of the folder, in a folder of the test's own if
// Path is empty.
func NewFailing[S tenantdb.TenantSchema](t testing.TB, options tenantdb.Options,
	open func(context.Context, *tenantdb.Dir) (*tenantdb.Store[S], error)) (*Kit[S], *Faults) {
	t.Helper()
	if options.Path == "" {
		options.Path = t.TempDir()
	}
	faults := &Faults{sqlitefault.Below(t, options.Path)}
	kit := newKit(t, options, open)
	// Before the folder is closed and checked, so that those are not what fails.
	t.Cleanup(func() { faults.Stop() })
	return kit, faults
}

// Inject has the fault happen from now on, in the place of the one before.
func (f *Faults) Inject(fault Fault) {
	of := sqlitefault.Fault{File: sqlitefault.Any, After: fault.After, Times: fault.Times}
	switch fault.What {
	case FailOpen:
		of.Op, of.Code = sqlitefault.Open, sqlitefault.OpenFailed
	case FailRead:
		of.Op, of.Code = sqlitefault.Read, sqlitefault.ReadFailed
	case FailWrite:
		of.Op, of.Code = sqlitefault.Write, sqlitefault.WriteFailed
	case FailSync:
		of.Op, of.Code = sqlitefault.Sync, sqlitefault.SyncFailed
	case DiskFull:
		of.Op, of.Code, of.Half = sqlitefault.Write, sqlitefault.DiskFull, true
	}
	f.plan.Arm(of)
}

// Stop lets all operations succeed again, and returns how many have failed since Inject:
// of a test that expects an error, 0 says that it was another's.
func (f *Faults) Stop() (failed int) { return f.plan.Disarm() }
