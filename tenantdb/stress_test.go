package tenantdb_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
)

const (
	stressWriters = 2 // goroutines of each process
	stressReaders = 3
)

// run has writers write and readers read meanwhile.
func (v *versions) run(rounds int, tell func(int, int64)) (errs []error) {
	over := make(chan struct{})
	results := make(chan error)
	var writers sync.WaitGroup
	for writer := range stressWriters {
		writers.Add(1)
		go func() {
			err := v.writeOut(writer, rounds, tell)
			writers.Done()
			results <- err
		}()
	}
	for reader := range stressReaders {
		go func() { results <- v.readUntil(over, reader) }()
	}
	go func() { writers.Wait(); close(over) }()
	for range stressWriters + stressReaders {
		if err := <-results; err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// stress is the other process: it tells of what it writes, and is told.
func stress(args []string) error {
	rounds, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	var v versions
	if err := v.open(args[0]); err != nil {
		return err
	}
	fmt.Println("ready")
	go v.hear(os.Stdin)
	if errs := v.run(rounds, teller(os.Stdout)); len(errs) > 0 {
		return fmt.Errorf("in the other process: %v", errs)
	}
	return v.dir.Close()
}

func TestWhoIsToldOfACommitReadsItWhateverElseGoesOn(t *testing.T) {
	rounds := 150
	if n := tortureSteps(t); n > 0 {
		rounds = max(n/50, rounds)
	} else if testing.Short() {
		rounds = 50
	}
	folder := newVersions(t)
	var v versions
	if err := v.open(folder); err != nil {
		t.Fatal(err)
	}
	c := childtest.Start(t, "stress", folder, strconv.Itoa(rounds))
	c.Line(t) // ready
	over := make(chan struct{})
	var beside sync.WaitGroup
	beside.Go(func() {
		for c.Out.Scan() {
			var tenant int
			var version int64
			if _, err := fmt.Sscan(c.Out.Text(), &tenant, &version); err != nil {
				t.Error(err)
			}
			v.acknowledged(tenant, version)
		}
	})
	// Meanwhile tenants are closed and opened, the warm-keeper looks more often than it
	// would, and others cut the log.
	beside.Go(func() {
		for round := 0; ; round++ {
			select {
			case <-over:
				return
			default:
			}
			tenantdb.KeeperLooks(v.dir)
			if round%50 == 0 {
				tenantdb.EvictIdle(v.dir, 1)
			}
			if round%20 == 0 {
				// It may find the database locked.
				_ = truncateLog(filepath.Join(folder, "tenants", versionedTenant(round%versioned)+".db"))
			}
		}
	})
	for _, err := range v.run(rounds, teller(c.In)) {
		t.Error(err)
	}
	close(over)
	beside.Wait()
	c.Finish(t)
	for i := range versioned {
		// Each process's writers take turns at the tenants, and begin at different ones.
		if version, err := v.read(i, true); err != nil || version != 2*int64(rounds) {
			t.Errorf("tenant %d ends at version %d, want %d, %v", i, version, 2*rounds, err)
		}
	}
	if err := v.dir.Close(); err != nil {
		t.Error(err)
	}
}
