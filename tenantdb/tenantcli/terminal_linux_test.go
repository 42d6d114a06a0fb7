package tenantcli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/silokit/silo/tenantdb/tenantcli"
)

// pseudoTerminal returns both ends of a new terminal: what somebody sits at, and what a
// program has.
func pseudoTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("there are no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { _ = person.Close() })
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(int(program.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 100}); err != nil {
		t.Fatal(err)
	}
	return person, program
}

// answer is what somebody types when they see a text, and what they do before.
type answer struct {
	see, typed string
	before     func()
}

// atTerminal runs app in the folder at a terminal, and returns what was to be seen there
// and the exit code.
func atTerminal(t *testing.T, folder string, env []string, answers []answer, args ...string) (seen string, code int) {
	t.Helper()
	person, program := pseudoTerminal(t)
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), executable, args...)
	cmd.Dir = folder
	cmd.Env = append([]string{asApp + "=" + atATerminal, "TERM=xterm", "PATH=" + os.Getenv("PATH"), "HOME=" + folder}, env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = program, program, program
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true} // so that ^C interrupts
	untilSeen, allSeen, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer allSeen.Close()
	cmd.ExtraFiles = []*os.File{untilSeen}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(program.Close(), untilSeen.Close()); err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	buffer := make([]byte, 4096)
	for {
		n, err := person.Read(buffer)
		all.Write(buffer[:n])
		if len(answers) > 0 && strings.Contains(all.String(), answers[0].see) {
			if answers[0].before != nil {
				answers[0].before()
			}
			if _, err := io.WriteString(person, answers[0].typed); err != nil {
				t.Fatal(err)
			}
			answers = answers[1:]
		}
		if err != nil || strings.HasSuffix(all.String(), seenMark) { // EIO: the program has died
			break
		}
	}
	if err := allSeen.Close(); err != nil {
		t.Fatal(err)
	}
	if len(answers) > 0 {
		t.Errorf("%q was not to be seen: %s", answers[0].see, all.String())
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return strings.TrimSuffix(all.String(), seenMark), cmd.ProcessState.ExitCode()
}

// tryRun runs app in the folder without a terminal.
func tryRun(t *testing.T, folder string, args ...string) (out string, code int) {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), executable, args...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), asApp+"=1")
	text, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}

// mustRun is tryRun of what must succeed.
func mustRun(t *testing.T, folder string, args ...string) string {
	t.Helper()
	out, code := tryRun(t, folder, args...)
	if code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, code, out)
	}
	return out
}

func TestATerminalIsAsked(t *testing.T) {
	folder := t.TempDir()
	mustRun(t, folder, "tenants", "create", "--init", "acme")
	tests := []struct {
		name    string
		args    []string
		answers []answer
		code    int
		state   string // of the tenant afterwards
	}{
		{"a no", []string{"tenants", "delete", "acme"}, []answer{{see: "[y/N] ", typed: "n\n"}}, tenantcli.ExitError, "active"},
		{"a return", []string{"tenants", "delete", "acme"}, []answer{{see: "[y/N] ", typed: "\n"}}, tenantcli.ExitError, "active"},
		{"without input", []string{"tenants", "delete", "acme", "--no-input"}, nil, tenantcli.ExitUsage, "active"},
		{"a dry run", []string{"tenants", "delete", "acme", "--dry-run"}, nil, tenantcli.ExitOK, "active"},
		{"another ID", []string{"tenants", "erase", "acme"}, []answer{{see: "Type acme to go on: ", typed: "yes\n"}}, tenantcli.ExitError, "active"},
		{"a yes", []string{"tenants", "delete", "acme"}, []answer{{see: "[y/N] ", typed: "y\n"}}, tenantcli.ExitOK, "deleted"},
		{"the ID", []string{"tenants", "erase", "acme"}, []answer{{see: "Type acme to go on: ", typed: "acme\n"}}, tenantcli.ExitOK, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			seen, code := atTerminal(t, folder, nil, test.answers, test.args...)
			if code != test.code {
				t.Errorf("exit code %d, want %d: %s", code, test.code, seen)
			}
			if got := mustRun(t, folder, "tenants", "list"); !strings.Contains(got, test.state) || (test.state == "") != (got == "") {
				t.Errorf("afterwards the tenants are %q, want %q", got, test.state)
			}
		})
	}
}

func TestATerminalSeesColoursAndBars(t *testing.T) {
	folder := t.TempDir()
	mustRun(t, folder, "tenants", "create", "--init", "acme")
	for _, name := range []string{"globex", "initech"} {
		mustRun(t, folder, "tenants", "create", name)
	}
	const green, bar = "\x1b[32m", "backing up"
	for _, test := range []struct {
		name string
		env  []string
		want bool
	}{
		{"as it is", nil, true},
		{"that wants no colours", []string{"NO_COLOR=1"}, false},
		{"that can do nothing", []string{"TERM=dumb"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			seen, code := atTerminal(t, folder, test.env, nil, "tenants", "list")
			if code != 0 || strings.Contains(seen, green) != test.want {
				t.Errorf("exit code %d, colours are wanted: %v; there is %q", code, test.want, seen)
			}
			seen, code = atTerminal(t, folder, test.env, nil, "backup", "--all", "--again")
			if code != 0 || strings.Contains(seen, bar) != test.want || strings.Contains(seen, "\r\x1b") && !test.want {
				t.Errorf("exit code %d, a bar is wanted: %v; there is %q", code, test.want, seen)
			}
			if !strings.Contains(seen, "initech") {
				t.Errorf("what was done is not to be seen: %q", seen)
			}
			seen, code = atTerminal(t, folder, test.env, nil, "migrate", "redo", "--yes")
			if code != 0 || strings.Contains(seen, "doing again") != test.want || !strings.Contains(seen, "initech") {
				t.Errorf("exit code %d, a bar is wanted: %v; there is %q", code, test.want, seen)
			}
			seen, code = atTerminal(t, folder, test.env, nil, "query", "SELECT 1 AS one", "--json")
			if line := `{"tenant":"initech","row":{"one":1}}`; code != 0 || !strings.Contains(seen, line) || strings.Contains(seen, "\r\x1b[2K") != test.want {
				t.Errorf("exit code %d, a bar is taken away for a row: %v; there is %q", code, test.want, seen)
			}
			seen, code = atTerminal(t, folder, test.env, nil, "rollup", "run")
			if code != 0 || strings.Contains(seen, "summing up hourly") != test.want || !strings.Contains(seen, "tenants: 3") {
				t.Errorf("exit code %d, a bar is wanted: %v; there is %q", code, test.want, seen)
			}
		})
	}
	if out := mustRun(t, folder, "backup", "--all", "--again"); strings.Contains(out, bar) || strings.Contains(out, "\x1b") {
		t.Errorf("without a terminal there is %q", out)
	}
}

// Who thinks it over is not told when the key would have ended if they had not.
func TestARotationEndsTheOldKeyWhenItSaysHoweverLongOneThinksItOver(t *testing.T) {
	folder := t.TempDir()
	mustRun(t, folder, "tenants", "create", "--init", "acme")
	mustRun(t, folder, "tenants", "keys", "create", "acme", "--expires-in", "90d")
	id := strings.Fields(mustRun(t, folder, "tenants", "keys", "list", "acme"))[0]
	var confirmed time.Time
	thinking := func() { // until the clock shows another second
		for began := time.Now().Unix(); time.Now().Unix() < began+2; {
			time.Sleep(10 * time.Millisecond)
		}
		confirmed = time.Now().Truncate(time.Second) // as times are printed
	}
	seen, code := atTerminal(t, folder, nil, []answer{{see: "[y/N] ", typed: "y\n", before: thinking}}, "tenants", "keys", "rotate", id, "--overlap", "7d", "--expires-in", "30d", "--json")
	var said struct {
		Key       string
		ExpiresAt string `json:"expires_at"`
		GoodUntil string `json:"good_until"`
	}
	at := strings.Index(seen, "{")
	if code != tenantcli.ExitOK || at < 0 || json.NewDecoder(strings.NewReader(seen[at:])).Decode(&said) != nil {
		t.Fatalf("exit code %d: %s", code, seen)
	}
	keys := map[string]map[string]any{}
	for line := range strings.Lines(mustRun(t, folder, "tenants", "keys", "list", "acme", "--json")) {
		var k map[string]any
		if err := json.Unmarshal([]byte(line), &k); err != nil {
			t.Fatal(err)
		}
		keys[k["key"].(string)] = k
	}
	if said.GoodUntil != keys[id]["expires_at"] || said.ExpiresAt != keys[said.Key]["expires_at"] {
		t.Errorf("it says %+v, and the keys are %v", said, keys)
	}
	expires, err := time.Parse(time.RFC3339, said.ExpiresAt)
	if lasts := expires.Sub(confirmed); err != nil || lasts < 30*24*time.Hour {
		t.Errorf("the new key lasts %v from the yes on, %v", lasts, err)
	}
}

func TestAnInterruptIsNoYes(t *testing.T) {
	folder := t.TempDir()
	mustRun(t, folder, "tenants", "create", "--init", "acme")
	seen, code := atTerminal(t, folder, nil, []answer{{see: "[y/N] ", typed: "\x03"}}, "tenants", "delete", "acme")
	if code != tenantcli.ExitError || !strings.Contains(seen, "not confirmed; nothing was done") {
		t.Errorf("exit code %d: %s", code, seen)
	}
	if got := mustRun(t, folder, "tenants", "list"); !strings.Contains(got, "active") {
		t.Errorf("afterwards the tenants are %q", got)
	}
}
