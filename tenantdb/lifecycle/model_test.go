package lifecycle_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
)

// move is one thing that happens to the model test's world.
type move struct {
	Do        string
	ID, Other int // of modelIDs
	Key       int
	N         int // which backup, which export, how many
	Fault     *sqlitefault.Fault
}

var movesDrawn = rapid.Custom(func(t *rapid.T) move {
	m := move{
		Do: rapid.SampledFrom([]string{
			"create", "backup", "restore", "delete", "undelete", "put", "clone", "put", "create with key", "restore as", "backup", "restore",
			"export", "import", "erase", "create", "delete", "undelete", "purge", "prune", "suspend", "suspend to read", "resume", "quarantine", "resume",
			"doctor", "reopen", "put", "clone", "backup",
		}).Draw(t, "do"),
		ID:    rapid.IntRange(0, len(modelIDs)-1).Draw(t, "id"),
		Other: rapid.IntRange(0, len(modelIDs)-1).Draw(t, "other"),
		Key:   rapid.IntRange(0, 3).Draw(t, "key"),
		N:     rapid.IntRange(0, 5).Draw(t, "n"),
	}
	if rapid.SampledFrom([]bool{true, false}).Draw(t, "fails") {
		m.Fault = faultsDrawn.Draw(t, "fault")
	}
	return m
})

// kindsOfFaults are what a disk does, to a tenant's file or the global one.
var kindsOfFaults = []sqlitefault.Fault{
	{File: sqlitefault.Log, Op: sqlitefault.Write, Code: sqlitefault.WriteFailed},
	{File: sqlitefault.Log, Op: sqlitefault.Write, Code: sqlitefault.DiskFull, Half: true},
	{File: sqlitefault.Log, Op: sqlitefault.Sync, Code: sqlitefault.SyncFailed},
	{File: sqlitefault.Log, Op: sqlitefault.Read, Code: sqlitefault.ReadFailed},
	{File: sqlitefault.Log, Op: sqlitefault.Truncate, Code: sqlitefault.TruncateFailed},
	{File: sqlitefault.Database, Op: sqlitefault.Read, Code: sqlitefault.ReadFailed},
	{File: sqlitefault.Database, Op: sqlitefault.Write, Code: sqlitefault.WriteFailed},
	{File: sqlitefault.Database, Op: sqlitefault.Write, Code: sqlitefault.DiskFull, Half: true},
	{File: sqlitefault.Database, Op: sqlitefault.Sync, Code: sqlitefault.SyncFailed},
	{File: sqlitefault.Database, Op: sqlitefault.Truncate, Code: sqlitefault.TruncateFailed},
	{File: sqlitefault.Journal, Op: sqlitefault.Write, Code: sqlitefault.DiskFull},
	{File: sqlitefault.Journal, Op: sqlitefault.Sync, Code: sqlitefault.SyncFailed},
}

var faultsDrawn = rapid.Custom(func(t *rapid.T) *sqlitefault.Fault {
	f := rapid.SampledFrom(kindsOfFaults).Draw(t, "kind")
	f.After = rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2, 3, 4, 6, 9, 14, 20}).Draw(t, "after")
	f.Times = rapid.SampledFrom([]int{1, 1, 2, 1000}).Draw(t, "times")
	return &f
})

// TestTenantsLiveAsTheirModelDoes plays scripts of operations to some tenants and to a model
// of them, which says of each what it does or why it is refused: content, state, backups and
// exports are those of the model after each of them. While the disk fails, an operation may
// fail too; when Doctor has been there, it has then been done or not.
//
// A long run, and a failing one again:
//
//	SILO_TORTURE_STEPS=10000 go test ./tenantdb/lifecycle -run TestTenantsLiveAsTheirModelDoes -timeout 0 -v
//	go test ./tenantdb/lifecycle -run TestTenantsLiveAsTheirModelDoes -rapid.seed=…
func TestTenantsLiveAsTheirModelDoes(t *testing.T) {
	length, scripts := 30, 5
	if n := torture(t, "SILO_TORTURE_STEPS"); n > 0 {
		length, scripts = 200, max(n/200, 1)
	}
	setUnlessGiven(t, "rapid.checks", strconv.Itoa(scripts))
	setUnlessGiven(t, "rapid.nofailfile", "true") // rapid could not read lines so long; there is the seed
	counts, played, until := map[string]int{}, 0, tortureEnd(t)
	rapid.Check(t, func(rt *rapid.T) {
		script := rapid.SliceOfN(movesDrawn, length, length).Draw(rt, "moves")
		if time.Now().After(until) {
			return
		}
		folder := t.TempDir()
		p := &player{folder: folder, model: newModel(), counts: counts, plan: sqlitefault.Below(t, folder)}
		if err := p.open(); err != nil {
			rt.Fatal(err)
		}
		for i, m := range script {
			if err := p.play(m); err != nil {
				rt.Fatalf("move %d, %+v: %v\n%v", i, m, err, p.model)
			}
			played++
		}
		if err := p.end(); err != nil {
			rt.Fatalf("at the end: %v\n%v", err, p.model)
		}
	})
	var told []string
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		told = append(told, fmt.Sprint(what, " ", counts[what]))
	}
	t.Logf("%d moves: %q", played, told)
}

// tortureEnd is when a long run begins nothing new.
func tortureEnd(t *testing.T) time.Time {
	t.Helper()
	d, err := time.ParseDuration(cmp.Or(os.Getenv("SILO_TORTURE_TIME"), "24h"))
	if err != nil {
		t.Fatalf("SILO_TORTURE_TIME: %v", err)
	}
	return time.Now().Add(d)
}

// setUnlessGiven sets a flag of rapid's that the command line does not.
func setUnlessGiven(t *testing.T, name, value string) {
	t.Helper()
	given := false
	flag.Visit(func(f *flag.Flag) {
		given = given || f.Name == name || name == "rapid.checks" && f.Name == "rapid.seed"
	})
	if given {
		return
	}
	was := flag.Lookup(name).Value.String()
	if err := flag.Set(name, value); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set(name, was) })
}

// exportPath is where the nth export is.
func (p *player) exportPath(n int) string {
	return filepath.Join(p.folder, fmt.Sprint("export-", n, ".tar"))
}
