//go:build memory.counters || libc.memgrind

package tenantdb_test

import (
	"cmp"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// What SQLite allocates is not the collector's: what is not freed by hand is lost. With
// the build tag memory.counters libc's allocator counts what it has given out; with
// libc.memgrind it keeps a ledger, which tells where what was not freed came from, and
// panics at the second free of the same memory. Both are for these tests alone:
//
//	go test -tags memory.counters -run CMemory ./tenantdb
//	go test -tags libc.memgrind -run CMemory ./tenantdb
//
// SILO_TORTURE_STEPS says how many operations there are, SILO_TORTURE_SEED from which
// seed they are drawn: that of a failure draws them again.
const (
	ordinarySteps = 20_000
	roundSteps    = 5_000 // a leak is told of the round that it is in
)

func TestAllCMemoryIsFreedAfterAMixOfOperationsThatFailAreCancelledAndPanic(t *testing.T) {
	count := startCount(t)
	steps, seed := number(t, "SILO_TORTURE_STEPS", ordinarySteps), number(t, "SILO_TORTURE_SEED", 1)
	seen := newTold()
	// Once for what is allocated for the life of the process.
	mixARound(t, newTold(), uint64(seed), 1, 500)
	before := count()
	done := 0
	for round := 0; done < steps && !t.Failed(); round++ {
		// Every other round by several goroutines, whose turns no seed decides.
		workers := 1 + 2*(round%2)
		n := min(roundSteps, steps-done)
		mixARound(t, seen, uint64(seed+round), workers, n)
		done += n
		if after := count(); after != before {
			t.Errorf("SILO_TORTURE_SEED=%d, %d goroutines: C memory before %v, after %d operations %v", seed+round, workers, before, n, after)
		}
	}
	t.Logf("%d operations", done)
	seen.log(t)
	if steps >= ordinarySteps { // fewer may leave something rare out
		seen.judge(t)
	}
}

// mixARound opens a folder of a few tenants, fewer of which may be open, runs the
// operations in it and closes it.
func mixARound(t *testing.T, seen *told, seed uint64, workers, steps int) {
	t.Helper()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: t.TempDir(), MaxOpen: 4})
	if err != nil {
		t.Fatal(err)
	}
	tenantdb.OpenReadersAfter(dir, 8)
	store := openStore[mixed](t, dir)
	for _, name := range mixedTenants {
		if err := store.Create(t.Context(), tenanttest.ID(t, name)); err != nil {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	for worker := range workers {
		m := &mixer{T: t, Rand: rand.New(rand.NewPCG(seed, uint64(worker))), dir: dir, store: store, told: seen}
		all.Go(func() {
			for range steps / workers {
				if m.step(); t.Failed() {
					return
				}
			}
		})
	}
	all.Wait()
	if err := dir.Close(); err != nil {
		t.Errorf("SILO_TORTURE_SEED=%d: close: %v", seed, err)
	}
	if err := tenanttest.Check(t.Context(), dir.Path()); err != nil {
		t.Errorf("SILO_TORTURE_SEED=%d: %v", seed, err)
	}
}

// number is what a variable of the environment says, or n.
func number(t *testing.T, name string, n int) int {
	t.Helper()
	out, err := strconv.Atoi(cmp.Or(os.Getenv(name), strconv.Itoa(n)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}
