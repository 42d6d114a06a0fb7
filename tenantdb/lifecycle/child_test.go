package lifecycle_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// Some tests need other processes. They run this test binary again, which then does what
// the variable says instead of testing.
const childEnv = "SILO_TEST_CHILD"

var children = map[string]func(args []string) error{
	"operate": operateAndDie,
	"hold":    holdOpen,
	"create":  createWithKey,
}

func TestMain(m *testing.M) {
	if name := os.Getenv(childEnv); name != "" {
		if err := children[name](os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

func child(name string, args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), childEnv+"="+name)
	return c
}

// childWorld opens a folder in a child.
func childWorld(folder string, o lifecycle.Options) (world, error) {
	dir, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: folder})
	if err != nil {
		return world{}, err
	}
	return enter(context.Background(), dir, o)
}

// operateAndDie runs one operation of a folder, and is killed before its nth step, or for a
// negative n after so many microseconds, or before the step of that name. It ends by itself if it is done before.
func operateAndDie(args []string) error {
	w, err := childWorld(args[0], lifecycle.Options{WaitElsewhere: 300 * time.Millisecond})
	if err != nil {
		return err
	}
	op, ok := crashing[args[1]]
	if args[1] == "restore global" {
		op, ok = restoringGlobal, true
	}
	if !ok {
		return fmt.Errorf("there is no operation %q", args[1])
	}
	n, err := strconv.Atoi(args[2])
	at := ""
	if err != nil {
		n, at = 0, args[2] // before the step of that name
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	if n < 0 {
		time.AfterFunc(time.Duration(-n)*time.Microsecond, func() { _ = self.Kill() })
	}
	lifecycle.OnStep(w.m, func(what string) {
		if n--; n == 0 || what == at {
			fmt.Println(what)
			_ = self.Kill()
			select {} // until the system has done it
		}
	})
	if err := op.run(context.Background(), w); err != nil {
		return err
	}
	return w.dir.Close()
}

// dieAt runs operateAndDie, and reports before which step it died, or "" if it did not.
func dieAt(t *testing.T, folder, op string, n int) (step string) {
	t.Helper()
	return dieAtStep(t, folder, op, strconv.Itoa(n))
}

// dieAtStep is dieAt for a step by its name, or number.
func dieAtStep(t *testing.T, folder, op, at string) (step string) {
	t.Helper()
	var stderr strings.Builder
	c := child("operate", folder, op, at)
	c.Stderr = &stderr
	out, err := c.Output()
	if stderr.Len() > 0 {
		t.Fatalf("%s, step %s: %v, %s", op, at, err, stderr.String())
	}
	if err == nil {
		return ""
	}
	return "step " + strings.TrimSpace(string(out))
}
