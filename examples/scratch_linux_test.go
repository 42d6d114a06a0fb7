package examples

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// nobody is the user of docs/deployment.md.
const nobody = 65532

// more than the cache of a connection, 512 KiB: some 9 MB of keys to sort.
const sortMuch = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
SELECT printf('%040d', i * 7919 % 200003) AS k FROM n ORDER BY k LIMIT 1 OFFSET 199999`

// scratch is a folder that holds a program and a data folder, and nothing else.
type scratch struct{ root string }

func newScratch(t *testing.T, program string) scratch {
	t.Helper()
	root := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-s", "-o", filepath.Join(root, "notes"), program)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	if err := os.Mkdir(filepath.Join(root, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 { // anybody else owns it in any case, and has to be able to remove it
		if err := errors.Join(os.Chown(filepath.Join(root, "data"), nobody, nobody), os.Chmod(root, 0o555)); err != nil {
			t.Fatal(err)
		}
	}
	return scratch{root}
}

// run executes the program with that folder as its root. It returns what it prints.
func (s scratch) run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/notes", args...)
	cmd.Dir = "/"
	cmd.Env = []string{}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: s.root}
	if os.Geteuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	} else {
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER // the right to change the root, and no other
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.EPERM) {
		t.Skip("this system lets nobody but root change a program's root")
	}
	return string(out), err
}

// docs/deployment.md promises this.
func TestABinaryWorksInARootThatHoldsNothingElse(t *testing.T) {
	s := newScratch(t, "./operate")
	data := []string{"--data", "/data/notes", "--actor", "test", "--no-input"}
	for _, step := range []struct {
		args  []string
		print string // a part of what is printed
	}{
		{[]string{"tenants", "create", "acme", "--init"}, "created acme"},
		{[]string{"query", sortMuch}, strings.Repeat("0", 34) + "200002"},
		{[]string{"backup", "acme"}, "acme"},
		{[]string{"restore", "acme", "--as", "acme-check"}, "acme-check"},
		{[]string{"migrate", "redo", "acme", "--yes"}, "acme"},
		{[]string{"doctor", "--deep"}, ""},
	} {
		out, err := s.run(t, append(slices.Clone(step.args), data...)...)
		if err != nil || !strings.Contains(out, step.print) {
			t.Errorf("%v: %v\n%s", step.args, err, out)
		}
	}
	entries, err := os.ReadDir(s.root)
	if err != nil || len(entries) != 2 {
		t.Errorf("the root holds %v, %v; want the program and its data", entries, err)
	}
}
