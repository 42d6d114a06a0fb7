package cli_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// atTerminal runs silo in a folder at a new terminal, types a line whenever it asks something,
// and returns what was to be seen there.
func atTerminal(t *testing.T, folder string, lines []string, args ...string) (seen string, err error) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("there are no pseudo-terminals here: %v", err)
	}
	defer person.Close()
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), executable, args...)
	cmd.Env = append(os.Environ(), asSilo+"="+atATerminal)
	cmd.Dir = folder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = program, program, program
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	untilSeen, allSeen, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer allSeen.Close()
	cmd.ExtraFiles = []*os.File{untilSeen}
	if err := errors.Join(cmd.Start(), program.Close(), untilSeen.Close()); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	buffer := make([]byte, 4096)
	for answered := 0; ; {
		n, err := person.Read(buffer)
		text.Write(buffer[:n])
		if err != nil || strings.HasSuffix(text.String(), seenMark) { // EIO: the program has died
			break
		}
		for strings.Count(text.String(), "]: ") > answered && answered < len(lines) {
			if _, err := io.WriteString(person, lines[answered]+"\n"); err != nil {
				t.Fatal(err)
			}
			answered++
		}
	}
	if err := allSeen.Close(); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	return strings.TrimSuffix(text.String(), seenMark), err
}

func TestNewAsksAtATerminal(t *testing.T) {
	folder := t.TempDir()
	seen, err := atTerminal(t, folder, []string{"My Notes", "my-notes", "", "cookie", "subdomain"}, "new")
	if err != nil {
		t.Fatalf("%v\n%s", err, seen)
	}
	for _, want := range []string{"Name [notes]: ", "no name for a service", "Go module [example.com/my-notes]: ", `no resolver "cookie"`, "files to my-notes"} {
		if !strings.Contains(seen, want) {
			t.Errorf("nothing like %q is to be seen:\n%s", want, seen)
		}
	}
	text, err := os.ReadFile(filepath.Join(folder, "my-notes", "internal", "edge", "resolver.go"))
	if err != nil || !strings.Contains(string(text), "tenanthttp.Subdomain") {
		t.Errorf("the resolver is not the one that was asked for: %v", err)
	}
}

func TestNewAsksOnlyWhatWasNotSaid(t *testing.T) {
	seen, err := atTerminal(t, t.TempDir(), nil, "new", "notes", "--resolver", "header")
	if err != nil || strings.Contains(seen, "]: ") {
		t.Errorf("%v, want that nothing is asked:\n%s", err, seen)
	}
	seen, err = atTerminal(t, t.TempDir(), []string{""}, "new", "--resolver", "header", "--module", "example.com/a")
	if err != nil || strings.Count(seen, "]: ") != 1 {
		t.Errorf("%v, want that the name alone is asked:\n%s", err, seen)
	}
}

func TestAnEndOfInputIsNoAnswer(t *testing.T) {
	folder := t.TempDir()
	seen, err := atTerminal(t, folder, []string{"notes", "\x04"}, "new")
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(seen, "nothing was written") {
		t.Errorf("%v, want exit code 1:\n%s", err, seen)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) > 0 {
		t.Errorf("there is something in the folder: %v, %v", entries, err)
	}
}
