// Package childtest has tests run other processes, and kill them: a child is the test binary,
// which then does what a variable of the environment says instead of testing. Tests alone import it;
// make verify holds that.
package childtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// variable names, in a child's environment, the function that it runs.
const variable = "SILO_TEST_CHILD"

// Main is what a TestMain calls: it runs the tests, which fail if they leave goroutines behind, or in a
// child the function of its name with the child's arguments. An error of that goes to
// standard error, and the child exits with 1. Main does not return.
func Main(m *testing.M, functions ...map[string]func(args []string) error) {
	name := os.Getenv(variable)
	if name == "" {
		goleak.VerifyTestMain(m)
		return
	}
	for _, some := range functions {
		if f, ok := some[name]; ok {
			exit(f(os.Args[1:]))
		}
	}
	exit(fmt.Errorf("there is no function %q for a child", name))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Command returns a child that is not started yet and will run Main's function of that name.
func Command(name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(context.Background(), os.Args[0], args...) // who starts it, ends it
	c.Env = append(os.Environ(), variable+"="+name)
	return c
}

// Die ends this process as kill -9 does. It does not return.
func Die() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err) // nothing else would end it
	}
	select {} // until the system has done it
}

// DieAt returns a function of which the nth call is Die, and none if n is not positive. Several
// goroutines may call it.
func DieAt(n int) func() {
	var mu sync.Mutex // guards n, and keeps others from going on while the process dies
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if n--; n == 0 {
			Die()
		}
	}
}

// NoTest stands for the test in a child, which is none: what fails it panics.
type NoTest struct{ testing.TB }

// Helper does nothing.
func (NoTest) Helper() {}

// Cleanup does nothing: the process ends.
func (NoTest) Cleanup(func()) {}

// Fatal panics.
func (NoTest) Fatal(args ...any) { panic(fmt.Sprint(args...)) }
