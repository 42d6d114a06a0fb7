package fleet_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// summedTenants are those of the tests with other processes. Of each there are 1100 hours, so
// that it takes three commits.
var summedTenants = []string{"acme", "globex", "initech"}

const summedHours = 1100

// withRuns returns a folder of which nothing is summed up yet and nobody has anything open.
func withRuns(t *testing.T) (folder string) {
	t.Helper()
	s := newService(t, summedTenants...)
	for i := range 60 {
		late := time.Duration(rand.N(summedHours*60)) * time.Minute
		s.ran(t, summedTenants[i%3], launch.Add(late), i%4 > 0)
	}
	if err := s.kit.Dir.Close(); err != nil {
		t.Fatal(err)
	}
	return s.kit.Dir.Path()
}

// rollUp sums up all of a folder, as far as the number of hours says.
func rollUp(folder string, hours int) (err error) {
	ctx := context.Background()
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: folder, Wait: patience})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	store, err := tenant.Open(ctx, dir)
	if err != nil {
		return err
	}
	gdb, err := global.Open(ctx, dir)
	if err != nil {
		return err
	}
	cat, err := catalog.Open(ctx, dir)
	if err != nil {
		return err
	}
	now := launch.Add(time.Duration(hours)*time.Hour + time.Minute)
	r, err := fleet.NewRollup(store, gdb, cat, fleet.RollupOptions{Name: "hourly", Since: launch, Now: func() time.Time { return now }}, sumHour, writeHour)
	if err != nil {
		return err
	}
	return r.Run(ctx, fleet.Options{Workers: 2})
}

// rollUpAndDie does so in a process that is killed before the nth change of a file by SQLite, if
// n is not 0. It ends by itself if it is done before.
func rollUpAndDie(args []string) error {
	hours, bad := strconv.Atoi(args[1])
	n, err := strconv.Atoi(args[2])
	if err := errors.Join(bad, err); err != nil {
		return err
	}
	if n > 0 {
		sqlitefault.Below(childtest.NoTest{}, args[0]).Each(childtest.DieAt(n))
	}
	return rollUp(args[0], hours)
}

func rollingUp(folder string, hours, n int) *exec.Cmd {
	return childtest.Command("roll up and die", folder, strconv.Itoa(hours), strconv.Itoa(n))
}

// killed waits for a child, and reports whether it was killed. What it says fails the test.
func killed(t *testing.T, c *exec.Cmd, said *strings.Builder) bool {
	t.Helper()
	err := c.Wait()
	if said.Len() > 0 {
		t.Fatalf("%v: %s", err, said)
	}
	return err != nil
}

func started(t *testing.T, c *exec.Cmd) (said *strings.Builder) {
	t.Helper()
	said = new(strings.Builder)
	c.Stderr = said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return said
}

// inFolder calls f with the service of a folder, which is closed and checked then.
func inFolder(t *testing.T, folder string, hours int, f func(t *testing.T, s *service)) {
	t.Helper()
	ok := t.Run("look", func(t *testing.T) {
		s, err := enterService(t, folder)
		if err != nil {
			t.Fatal(err)
		}
		s.now = launch.Add(time.Duration(hours)*time.Hour + time.Minute)
		f(t, s)
	})
	if !ok {
		t.FailNow()
	}
}

func enterService(t *testing.T, folder string) (*service, error) {
	t.Helper()
	dir := tenanttest.Dir(t, tenantdb.Options{Path: folder})
	store, err := tenant.Open(t.Context(), dir)
	if err != nil {
		return nil, err
	}
	s := &service{kit: &tenanttest.Kit[tenant.Schema]{Dir: dir, Store: store}, action: map[string]tenanttest.Tenant[tenant.Schema]{}, runs: 1000}
	if s.global, err = global.Open(t.Context(), dir); err != nil {
		return nil, err
	}
	if s.cat, err = catalog.Open(t.Context(), dir); err != nil {
		return nil, err
	}
	for _, name := range summedTenants {
		one := tenanttest.Tenant[tenant.Schema]{ID: mustID(name), Context: tenanttest.Context(t, name)}
		if one.DB, err = store.Resolve(one.Context); err != nil {
			return nil, err
		}
		s.action[name] = one
	}
	return s, nil
}

// wantTrueMarks holds what is summed up of each tenant to its mark: all that is before that,
// and nothing behind it.
func wantTrueMarks(t *testing.T, s *service) {
	t.Helper()
	for _, name := range summedTenants {
		wantTrueMark(t, s, name, s.mark(t, name))
	}
}

func (s *service) mark(t *testing.T, name string) catalog.RollupMark {
	t.Helper()
	mark, err := s.cat.Rollup(t.Context(), "hourly", mustID(name))
	if err != nil {
		t.Fatal(err)
	}
	return mark
}

func wantTrueMark(t *testing.T, s *service, name string, mark catalog.RollupMark) {
	t.Helper()
	s.now = launch
	if mark.Revision > 0 {
		s.now = mark.Through
	}
	s.compare(t, name)
}

// A rollup is killed before the first change that SQLite makes to a file, before the second, and
// so on until it ends by itself. What the marks say then is true of the sums, and after the next run
// the sums are those of a full recomputation, also of a row that came late. Ordinarily it is
// killed at some of these places, with SILO_TORTURE_KILLS at all.
func TestARollupThatIsKilledAtAnyInstantIsTrueAndGoesOn(t *testing.T) {
	withoutRaceDetector(t)
	stride := 7
	if os.Getenv("SILO_TORTURE_KILLS") != "" {
		stride = 1
	}
	original := withRuns(t)
	run := filepath.Join(t.TempDir(), "run")
	kills := 0
	for n := 1 + rand.N(stride); ; n += stride {
		childtest.CopyFolder(t, run, original)
		c := rollingUp(run, summedHours, n)
		if !killed(t, c, started(t, c)) {
			break
		}
		kills++
		var before catalog.RollupMark // of globex, when the late row came
		inFolder(t, run, summedHours, func(t *testing.T, s *service) {
			t.Logf("it was killed before change %d", n)
			wantTrueMarks(t, s)
			before = s.mark(t, "globex")
			s.ran(t, "globex", launch.Add((summedHours-1)*time.Hour), true) // late, within the look-back
		})
		again := rollingUp(run, summedHours+1, 1+n/2)
		if killed(t, again, started(t, again)) {
			kills++
			inFolder(t, run, summedHours+1, func(t *testing.T, s *service) {
				for _, name := range summedTenants {
					mark := s.mark(t, name)
					if name == "globex" && mark.Revision == before.Revision {
						continue // it was killed before it came to the late row
					}
					wantTrueMark(t, s, name, mark)
				}
			})
		}
		wantWhole(t, run, summedHours+1)
	}
	t.Logf("%d kills", kills)
	if kills < 3 {
		t.Errorf("it was killed %d times", kills)
	}
}

// wantWhole runs the rollup to its end, and holds its sums to a full recomputation.
func wantWhole(t *testing.T, folder string, hours int) {
	t.Helper()
	if err := rollUp(folder, hours); err != nil {
		t.Fatal(err)
	}
	inFolder(t, folder, hours, func(t *testing.T, s *service) {
		for _, name := range summedTenants {
			s.compare(t, name)
		}
	})
}

func TestARollupInTwoProcessesAtOnceSumsUpOnce(t *testing.T) {
	withoutRaceDetector(t)
	original := withRuns(t)
	for name, n := range map[string]int{"both end by themselves": 0, "one is killed early": 3, "one is killed late": 25} {
		t.Run(name, func(t *testing.T) {
			run := filepath.Join(t.TempDir(), "run")
			childtest.CopyFolder(t, run, original)
			one, other := rollingUp(run, summedHours, 0), rollingUp(run, summedHours, n)
			ofOne, ofOther := started(t, one), started(t, other)
			killed(t, other, ofOther)
			if killed(t, one, ofOne) {
				t.Error("the one that nobody kills has not ended by itself")
			}
			inFolder(t, run, summedHours, func(t *testing.T, s *service) { // without another run
				for _, name := range summedTenants {
					s.compare(t, name)
				}
			})
			wantWhole(t, run, summedHours+1)
		})
	}
}
