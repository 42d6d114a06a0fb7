package cli_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/silokit/silo/cmd/internal/cli"
)

var update = flag.Bool("update", false, "write what commands print into the scripts that compare it")

// TestMain makes the test binary stand in for the command.
func TestMain(m *testing.M) {
	if as := os.Getenv(asSilo); as != "" { // a test runs it without a script
		code := cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
		if as == atATerminal {
			waitUntilSeen()
		}
		os.Exit(code)
	}
	testscript.Main(m, map[string]func(){
		"silo": func() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// asSilo says, in the environment, that the test binary is to be silo.
const asSilo = "SILO_TEST_AS_SILO"

// atATerminal is its value where that waits until all that it says was seen.
const atATerminal = "terminal"

// seenMark is written to the terminal when silo has ended but for its process.
const seenMark = "\x1e"

// waitUntilSeen keeps the process until its last words were read: with the process that leads its
// session, a terminal is hung up, and Linux drops what has not reached the other end.
func waitUntilSeen() {
	fmt.Fprint(os.Stderr, seenMark)
	_, _ = io.Copy(io.Discard, os.NewFile(3, "until seen"))
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error { // what runs remember stays within the script
			env.Setenv("XDG_CACHE_HOME", env.WorkDir+"/.cache")
			env.Setenv("LocalAppData", env.WorkDir+"/.cache")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
		},
	})
}

// exits runs a command and asserts its exit code: exits 4 silo generate --check.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code command [argument ...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if err != nil {
		code = exitCode(err)
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s: %v", code, args[0], err)
	}
}

func exitCode(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return strconv.Itoa(exit.ExitCode())
	}
	return err.Error()
}
