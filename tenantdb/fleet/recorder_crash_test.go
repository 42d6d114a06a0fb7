package fleet_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
)

// recordAndDie asks acme and globex in turn, flushes after some calls, and says so before and after.
// It is killed before the nth change of a file by SQLite, and ends by itself if it is done before.
func recordAndDie(args []string) (err error) {
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	plan := sqlitefault.Below(childtest.NoTest{}, args[0])
	ctx := context.Background()
	one, err := serving(ctx, args[0], fleet.RecorderOptions{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, one.dir.Close()) }()
	plan.Each(childtest.DieAt(n))
	for round := range 4 {
		for i := range 10 + round {
			if err := one.call(ctx, []string{"acme", "globex"}[i%2]); err != nil {
				return err
			}
		}
		fmt.Println("asked", one.unsaid["acme"])
		if err := one.recorder.Flush(ctx); err != nil {
			return err
		}
		fmt.Println("flushed", one.unsaid["acme"])
	}
	return nil
}

// A process is killed before the first change that SQLite makes to a file, before the second, and so
// on until it ends by itself. What it has flushed is recorded, and what it was flushing is or is
// not, as a whole; nothing else is. Ordinarily it is killed at some of these places, with
// SILO_TORTURE_KILLS at all.
func TestAProcessThatIsKilledHasRecordedWhatItHasFlushed(t *testing.T) {
	withoutRaceDetector(t)
	stride := 2
	if os.Getenv("SILO_TORTURE_KILLS") != "" {
		stride = 1
	}
	s := newService(t, "acme", "globex", "initech")
	original := s.kit.Dir.Path()
	if err := s.kit.Dir.Close(); err != nil {
		t.Fatal(err)
	}
	run, kills := filepath.Join(t.TempDir(), "run"), 0
	for n := 1 + rand.N(stride); ; n += stride {
		childtest.CopyFolder(t, run, original)
		var said strings.Builder
		c := childtest.Command("record and die", run, strconv.Itoa(n))
		ofErr := new(strings.Builder)
		c.Stdout, c.Stderr = &said, ofErr
		err := c.Run()
		var exit *exec.ExitError
		if ofErr.Len() > 0 || err != nil && !errors.As(err, &exit) {
			t.Fatalf("%v: %s", err, ofErr)
		}
		asked, flushed := heard(t, said.String())
		inFolder(t, run, 1, func(t *testing.T, s *service) {
			if got := recordedCalls(t, s.cat, "acme"); got != flushed && got != asked {
				t.Errorf("it was killed before change %d: %d calls are recorded, and %d were flushed, %d asked", n, got, flushed, asked)
			}
			if got := recordedCalls(t, s.cat, "initech"); got != 0 {
				t.Errorf("%d calls are recorded of whom nobody asked", got)
			}
		})
		if err == nil {
			break
		}
		kills++
	}
	t.Logf("%d kills", kills)
	if kills < 3 {
		t.Errorf("it was killed %d times", kills)
	}
}

// heard returns how many calls a child has said that it has made on acme, and how many of them it
// has flushed.
func heard(t *testing.T, said string) (asked, flushed int64) {
	t.Helper()
	lines := bufio.NewScanner(strings.NewReader(said))
	for lines.Scan() {
		var what string
		var n int64
		if _, err := fmt.Sscan(lines.Text(), &what, &n); err != nil {
			t.Fatalf("it says %q: %v", lines.Text(), err)
		}
		if asked = max(asked, n); what == "flushed" {
			flushed = n
		}
	}
	return asked, flushed
}
