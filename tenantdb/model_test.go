package tenantdb_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/silokit/silo/tenantdb"
)

// step is one thing that happens to the model test's world. What it cannot happen to, it
// leaves alone.
type step struct {
	Do      string
	Tenant  int
	Peer    bool // the other process does it
	Changes []change
	End     string
	Ignore  bool
	Write   bool
	Cancel  int
	N       int
	Fault   *fault
}

// changesDrawn are few keys and few values, so that they meet. Most values are new: they
// are counted up from what is drawn here as zero.
var changesDrawn = rapid.Custom(func(t *rapid.T) change {
	return change{
		Do:    rapid.SampledFrom([]string{"put", "put", "put", "set", "set", "drop", "slow"}).Draw(t, "change"),
		Key:   rapid.Int64Range(0, 15).Draw(t, "key"),
		Value: rapid.SampledFrom([]int64{0, 0, 0, 0, 0, 0, 0, taken, -1}).Draw(t, "value"),
		Size:  rapid.SampledFrom([]int{0, 1, 8, 8, 8, 30, 30, 30, 30, 500, 500, 5000, 5000, 200_000}).Draw(t, "size"),
	}
})

// taken stands for a value that some row has, most likely.
const taken = -2

var modelSteps = rapid.Custom(func(t *rapid.T) step {
	s := step{
		Do: rapid.SampledFrom([]string{
			"single", "single", "single", "single", "single", "single", "tx", "tx", "tx", "list", "list", "list", "list", "list", "list",
			"read", "read", "hold", "hold", "held list", "held list", "held write", "held end", "held end",
			"resolve", "evict", "look", "look", "checkpoint", "truncate", "kill",
		}).Draw(t, "do"),
		Tenant: rapid.IntRange(0, len(modelTenants)-1).Draw(t, "tenant"),
		Peer:   rapid.IntRange(0, 2).Draw(t, "by") == 2,
	}
	most := 1
	switch s.Do {
	case "tx", "held write":
		most = 4
		s.Ignore = rapid.Bool().Draw(t, "ignore")
	case "kill":
		// Starting another process takes longer than all else.
		if rapid.IntRange(0, 9).Draw(t, "really") != 0 {
			s.Do = "list"
		}
		most = 6
	}
	s.Changes = rapid.SliceOfN(changesDrawn, 1, most).Draw(t, "changes")
	s.End = rapid.SampledFrom([]string{"commit", "commit", "commit", "error", "panic", "goexit"}).Draw(t, "end")
	s.Write = rapid.Bool().Draw(t, "write")
	s.N = rapid.IntRange(1, 3).Draw(t, "n")
	if rapid.IntRange(0, 7).Draw(t, "cancels") == 7 {
		s.Cancel = rapid.IntRange(1, 9).Draw(t, "cancel")
	}
	if rapid.IntRange(0, 7).Draw(t, "fails") == 7 {
		s.Fault = faultsDrawn.Draw(t, "fault")
	}
	return s
})

// TestTenantsDoWhatTheirModelDoes plays scripts of steps to some tenants and to a model
// of them: what was acknowledged is there for every later read of either process, what
// failed is not, snapshots stay as they are, and no tenant sees another's rows.
//
// A long run, and a failing one again:
//
//	SILO_TORTURE_STEPS=1000000 go test ./tenantdb -run TestTenantsDoWhatTheirModelDoes -timeout 0 -v
//	go test ./tenantdb -run TestTenantsDoWhatTheirModelDoes -rapid.seed=…
func TestTenantsDoWhatTheirModelDoes(t *testing.T) {
	lengths, scripts := []int{20, 60, 150}, 10
	if n := tortureSteps(t); n > 0 {
		lengths, scripts = []int{200, 1000, 1800}, max(n/1000, 1)
	} else if testing.Short() {
		scripts = 4
	}
	setUnlessGiven(t, "rapid.checks", strconv.Itoa(scripts))
	setUnlessGiven(t, "rapid.nofailfile", "true") // rapid could not read lines so long; there is the seed
	template := modelTemplate(t)
	total, until := newTally(), tortureEnd(t)
	rapid.Check(t, func(rt *rapid.T) {
		maxOpen := rapid.SampledFrom([]int{2, 8}).Draw(rt, "most open")
		durability := rapid.SampledFrom([]tenantdb.Durability{tenantdb.Normal, tenantdb.Full}).Draw(rt, "durability")
		length := rapid.SampledFrom(lengths).Draw(rt, "length")
		if time.Now().After(until) {
			return
		}
		script := rapid.SliceOfN(modelSteps, length, length).Draw(rt, "steps")
		w, err := newWorld(t, template, maxOpen, durability)
		if err != nil {
			rt.Fatal(err)
		}
		defer w.clear()
		for i, s := range script {
			if err := w.play(s); err != nil {
				rt.Fatal(w.failed(i, s, err))
			}
		}
		if err := w.end(); err != nil {
			rt.Fatalf("at the end: %v", err)
		}
		total.add(w.tally)
	})
	t.Logf("%v", total)
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

// tortureSteps is how many steps a long run is to have; 0 for an ordinary one.
func tortureSteps(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv("SILO_TORTURE_STEPS"), "0"))
	if err != nil {
		t.Fatal(fmt.Errorf("SILO_TORTURE_STEPS: %w", err))
	}
	return n
}

// tortureEnd is when a long run begins nothing new.
func tortureEnd(t *testing.T) time.Time {
	t.Helper()
	d, err := time.ParseDuration(cmp.Or(os.Getenv("SILO_TORTURE_TIME"), "24h"))
	if err != nil {
		t.Fatal(fmt.Errorf("SILO_TORTURE_TIME: %w", err))
	}
	return time.Now().Add(d)
}
