package lifecycle_test

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// children are what the tests' other processes do.
var children = map[string]func(args []string) error{
	"operate":  operateAndDie,
	"write on": writeOn,
	"hold":     holdOpen,
	"create":   createWithKey,
}

func TestMain(m *testing.M) { childtest.Main(m, children) }

// withoutRaceDetector skips what does one operation after the other, most of them in hundreds of
// processes of their own.
func withoutRaceDetector(t *testing.T) {
	t.Helper()
	if withRaceDetector {
		t.Skip("nothing is done at once here, and a process takes a second to start with the race detector; make test runs it")
	}
}

// childWorld opens a folder in a child.
func childWorld(folder string, o lifecycle.Options) (world, error) {
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: folder, Wait: patience})
	if err != nil {
		return world{}, err
	}
	return enter(context.Background(), dir, o)
}

// What a process says that it died before, if it was no step with a name.
const (
	sqliteStep = "a change of a file by SQLite"
	anInstant  = "an instant"
)

// operateAndDie runs one operation of a folder, and is killed before its nth step, or for a
// negative n after so many microseconds, or before the first step of a name. It ends by itself
// if it is done before.
func operateAndDie(args []string) error {
	op, ok := crashing[args[1]]
	if args[1] == "restore global" {
		op, ok = restoringGlobal, true
	}
	if !ok {
		return fmt.Errorf("there is no operation %q", args[1])
	}
	plan := sqlitefault.Below(childtest.NoTest{}, args[0])
	w, err := childWorld(args[0], lifecycle.Options{WaitElsewhere: 300 * time.Millisecond})
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(args[2])
	name := ""
	if err != nil {
		name = args[2]
	}
	if n < 0 {
		time.AfterFunc(time.Duration(-n)*time.Microsecond, childtest.Die)
	}
	var steps sync.Mutex // guards n: the Dir's keeper takes steps, too
	step := func(what string) {
		steps.Lock()
		defer steps.Unlock()
		if n--; n == 0 || what == name {
			fmt.Println(what)
			childtest.Die()
		}
	}
	plan.Each(func() { step(sqliteStep) })
	lifecycle.OnStep(w.m, step)
	if err := op.run(context.Background(), w); err != nil {
		return err
	}
	fmt.Println(acknowledged)
	return w.dir.Close()
}

const acknowledged = "acknowledged"

// death is how a process ended that runs an operation.
type death struct {
	step         string // before which it died; "" if it ended by itself
	acknowledged bool   // the operation had returned without an error
}

// dieAt runs operateAndDie.
func dieAt(t *testing.T, folder, op, at string) (d death) {
	t.Helper()
	var stderr strings.Builder
	c := childtest.Command("operate", folder, op, at)
	c.Stderr = &stderr
	out, err := c.Output()
	if stderr.Len() > 0 {
		t.Fatalf("%s, step %s: %v, %s", op, at, err, stderr.String())
	}
	said := strings.TrimSpace(string(out))
	said, d.acknowledged = strings.CutPrefix(said, acknowledged)
	if err != nil {
		d.step = cmp.Or(strings.TrimSpace(said), anInstant)
	}
	return d
}
