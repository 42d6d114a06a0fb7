package tenantdb_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb/internal/childtest"
)

const killedWriters = 4

// writeTogether has several goroutines write versions until the process is killed, or
// until who wants to kill it has ended.
func writeTogether(args []string) error {
	var v versions
	if err := v.open(args[0]); err != nil {
		return err
	}
	fmt.Println("ready")
	tell := teller(os.Stdout)
	failed := make(chan error)
	for writer := range killedWriters {
		go func() { failed <- v.writeOut(writer, 1<<30, tell) }()
	}
	go func() {
		waitForInput()
		failed <- nil
	}()
	return <-failed
}

func TestWritersThatAreKilledLeaveWhatWasAcknowledgedAndNothingInHalves(t *testing.T) {
	kills := 10
	switch {
	case tortureSteps(t) > 0:
		kills = 200
	case testing.Short():
		kills = 3
	}
	folder := newVersions(t)
	var v versions
	if err := v.open(folder); err != nil {
		t.Fatal(err)
	}
	acknowledged, own := 0, 0
	for kill := range kills {
		// A process that survives reads all the time; or there is none, and who opens
		// the files next has to recover them.
		survives := kill%3 != 2
		over := make(chan struct{})
		var readers sync.WaitGroup
		if !survives {
			if err := v.dir.Close(); err != nil {
				t.Fatal(err)
			}
		}
		c := childtest.Start(t, "writeTogether", folder)
		c.Line(t) // ready
		if survives {
			for reader := range stressReaders {
				readers.Go(func() {
					if err := v.readUntil(over, reader); err != nil {
						t.Errorf("kill %d: %v", kill, err)
					}
				})
			}
		}
		hear := func() {
			var tenant int
			var version int64
			if _, err := fmt.Sscan(c.Out.Text(), &tenant, &version); err != nil {
				t.Error(err)
			}
			v.acknowledged(tenant, version)
			acknowledged++
		}
		for range rand.N(60) {
			c.Line(t)
			hear()
		}
		time.Sleep(rand.N(time.Millisecond)) // the point is to hit any instant
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for c.Out.Scan() { // what it said before it died
			hear()
		}
		_ = c.Wait() // killed
		if !survives {
			if err := v.open(folder); err != nil {
				t.Fatalf("kill %d: %v", kill, err)
			}
		}
		for round := range 4 * versioned {
			// Readers that were warm when it was killed are among these.
			if _, err := v.read(round%versioned, round%3 != 0); err != nil {
				t.Errorf("kill %d: %v", kill, err)
			}
		}
		if version, err := v.write(kill%versioned, kill%2 == 0); err != nil {
			t.Errorf("kill %d: %v", kill, err)
		} else {
			v.acknowledged(kill%versioned, version)
			own++
		}
		close(over)
		readers.Wait()
	}
	total := int64(0)
	for i := range versioned {
		version, err := v.read(i, true)
		if err != nil {
			t.Error(err)
		}
		total += version
	}
	// Of what is there beyond what was acknowledged, each writer that was killed may
	// have been about to be told of one.
	if least := int64(acknowledged + own); total < least || total > least+int64(kills*killedWriters) {
		t.Errorf("there are %d versions of %d acknowledged", total, least)
	}
	t.Logf("%d kills, %d acknowledged, %d there", kills, acknowledged+own, total)
	if err := v.dir.Close(); err != nil {
		t.Error(err)
	}
}
