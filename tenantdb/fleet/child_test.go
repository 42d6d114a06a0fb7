package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/fleet"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
)

// children are what the tests' other processes do.
var children = map[string]func(args []string) error{
	"migrate and die":       migrateAndDie,
	"migrate as a nobody":   migrateAsNobody,
	"migrate beside others": migrateBeside,
	"roll up and die":       rollUpAndDie,
	"record and die":        recordAndDie,

	"migrate up and down beside others": migrateUpAndDownBeside,
}

func TestMain(m *testing.M) { childtest.Main(m, children) }

// withoutRaceDetector skips what takes processes of its own by the dozen.
func withoutRaceDetector(t *testing.T) {
	t.Helper()
	if withRaceDetector {
		t.Skip("a process takes a second to start with the race detector; make test runs it")
	}
}

// childWorld opens a folder in a child.
func childWorld(folder string, migrations int) (world, error) {
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: folder, Wait: patience, Migrate: tenantdb.MigrateVerify})
	if err != nil {
		return world{}, err
	}
	return enter(context.Background(), dir, migrations)
}

// options are what a child migrates with.
func options(how string) fleet.MigrateOptions {
	o := fleet.MigrateOptions{Workers: 2}
	switch how {
	case "resume":
		o.Resume = fleet.ResumeLast
	case "canaries":
		o.Canaries = 2
	}
	return o
}

// migrateAndDie migrates a folder to the fourth migration, and is killed before the nth change of
// a file by SQLite. It ends by itself if it is done before.
func migrateAndDie(args []string) error {
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	plan := sqlitefault.Below(childtest.NoTest{}, args[0])
	w, err := childWorld(args[0], 4)
	if err != nil {
		return err
	}
	plan.Each(childtest.DieAt(n))
	if _, err := fleet.Migrate(context.Background(), w.store, w.cat, options(args[2])); err != nil && !errors.Is(err, fleet.ErrSomeFailed) {
		return err
	}
	return w.dir.Close()
}

// migrateAsNobody migrates a folder as a user who is not root, and prints how each tenant ended.
func migrateAsNobody(args []string) error {
	if err := becomeNobody(); err != nil {
		return err
	}
	w, err := childWorld(args[0], 4)
	if err != nil {
		return err
	}
	run, err := fleet.Migrate(context.Background(), w.store, w.cat, options(args[1]))
	if err != nil && !errors.Is(err, fleet.ErrSomeFailed) {
		return err
	}
	fmt.Println(run.Outcome)
	for r, err := range w.cat.RunResults(context.Background(), run.ID) {
		if err != nil {
			return err
		}
		fmt.Println(r.Tenant, r.Result, "|", r.Error, "|", r.Next)
	}
	return w.dir.Close()
}

// migrateBeside migrates a folder that another process uses.
func migrateBeside(args []string) error {
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: args[0], Wait: patience})
	if err != nil {
		return err
	}
	w, err := enterBy(context.Background(), dir, compatible(4))
	if err == nil {
		_, err = fleet.Migrate(context.Background(), w.store, w.cat, fleet.MigrateOptions{})
	}
	return errors.Join(err, dir.Close())
}

// migrateUpAndDownBeside migrates a folder that another process of an older release uses up and down.
func migrateUpAndDownBeside(args []string) error {
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: args[0], Wait: patience, Migrate: tenantdb.MigrateVerify})
	if err != nil {
		return err
	}
	w, err := enterBy(context.Background(), dir, compatible(4))
	if err == nil {
		_, up := fleet.Migrate(context.Background(), w.store, w.cat, fleet.MigrateOptions{Workers: 2})
		_, down := fleet.Down(context.Background(), w.store, w.cat, 1, fleet.MigrateOptions{Workers: 2})
		err = errors.Join(up, down)
	}
	return errors.Join(err, dir.Close())
}

// output runs a child to its end and returns the lines that it prints.
func output(t testing.TB, c *exec.Cmd) []string {
	t.Helper()
	var stderr strings.Builder
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
