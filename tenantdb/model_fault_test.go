package tenantdb_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
)

// fault is what goes wrong with the tenants' files in this process during a step.
type fault = sqlitefault.Fault

// kindsOfFaults are what a disk does. A short read of the database is not among them:
// SQLite takes what is missing for zeros, as of a file that somebody has cut.
var kindsOfFaults = []fault{
	{File: sqlitefault.Log, Op: sqlitefault.Write, Code: sqlitefault.WriteFailed},
	{File: sqlitefault.Log, Op: sqlitefault.Write, Code: sqlitefault.WriteFailed, Half: true},
	{File: sqlitefault.Log, Op: sqlitefault.Write, Code: sqlitefault.DiskFull, Half: true},
	{File: sqlitefault.Log, Op: sqlitefault.Sync, Code: sqlitefault.SyncFailed},
	{File: sqlitefault.Log, Op: sqlitefault.Read, Code: sqlitefault.ReadFailed},
	{File: sqlitefault.Log, Op: sqlitefault.Read, Code: sqlitefault.ShortRead},
	{File: sqlitefault.Log, Op: sqlitefault.Truncate, Code: sqlitefault.TruncateFailed},
	{File: sqlitefault.Database, Op: sqlitefault.Read, Code: sqlitefault.ReadFailed},
	{File: sqlitefault.Database, Op: sqlitefault.Write, Code: sqlitefault.WriteFailed},
	{File: sqlitefault.Database, Op: sqlitefault.Write, Code: sqlitefault.DiskFull, Half: true},
	{File: sqlitefault.Database, Op: sqlitefault.Sync, Code: sqlitefault.SyncFailed},
	{File: sqlitefault.Database, Op: sqlitefault.Truncate, Code: sqlitefault.TruncateFailed},
}

var faultsDrawn = rapid.Custom(func(t *rapid.T) *fault {
	f := rapid.SampledFrom(kindsOfFaults).Draw(t, "kind")
	f.After = rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2, 3, 4, 5, 8}).Draw(t, "after")
	f.Times = rapid.SampledFrom([]int{1, 1, 2, 1000}).Draw(t, "times")
	return &f
})

// tally counts what a run has done, to be told at its end.
type tally struct{ counts map[string]int }

func newTally() tally { return tally{map[string]int{}} }

func (y tally) add(more tally) {
	for what, n := range more.counts {
		y.counts[what] += n
	}
}

func (y tally) String() string {
	var b strings.Builder
	for _, what := range slices.Sorted(maps.Keys(y.counts)) {
		fmt.Fprintf(&b, "%s %d, ", what, y.counts[what])
	}
	return strings.TrimSuffix(b.String(), ", ")
}
