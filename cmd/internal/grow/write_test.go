//go:build unix

package grow

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// A test runs this binary again, which then adds a table and is killed before a step.
const childEnv = "SILO_TEST_KILL_AT_STEP"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		fmt.Fprintln(os.Stderr, addAndDie(os.Args[1]))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// addAndDie adds the table notes to a project and kills this process before the step that is named, if
// there are so many; generating is the last.
func addAndDie(config string) error {
	at, err := strconv.Atoi(os.Getenv(childEnv))
	if err != nil {
		return err
	}
	step := func(string) error {
		if at--; at == 0 {
			return syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
		return nil
	}
	p, err := Open(config)
	if err != nil {
		return err
	}
	a, err := p.Plan(context.Background(), Request{Table: "notes", Columns: []string{"title:text"}, Now: noon})
	if err != nil {
		return err
	}
	a.disk.before = step
	err = a.Write(context.Background(), func(context.Context) error { return step("generate") })
	if err == nil {
		os.Exit(0)
	}
	return err
}

// Wherever the process is killed, each file is whole or absent, and the same command adds the
// table or says that it is there.
func TestARunThatIsKilledIsCompletedByTheNext(t *testing.T) {
	whole := newProject(t, nil)
	whole.add(t, "notes", "title:text")
	want := whole.files(t)
	for step := 1; ; step++ {
		p := newProject(t, nil)
		child := exec.Command(os.Args[0], p.path(p.Name))
		child.Env = append(os.Environ(), childEnv+"="+strconv.Itoa(step))
		out, err := child.CombinedOutput()
		if err == nil {
			if step < 8 {
				t.Errorf("there are %d steps only", step-1)
			}
			return
		}
		if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
			t.Fatalf("step %d: %v: %s", step, err, out)
		}
		for name, text := range p.files(t) {
			if !strings.Contains(name, besidePrefix) && want[name] != text {
				t.Errorf("killed before step %d: %s says %q", step, name, text)
			}
		}
		p.add(t, "notes", "title:text")
		if err := p.generate(t.Context()); err != nil { // as who sees that gen is stale does
			t.Errorf("killed before step %d: %v", step, err)
		}
		if got := p.files(t); !maps.Equal(got, want) {
			t.Errorf("killed before step %d there are %q, want %q", step, names(got), names(want))
		}
	}
}

func TestAStepThatFailsLeavesTheProjectAsItWas(t *testing.T) {
	full := errors.New("no space left")
	for fails := 1; ; fails++ {
		p := newProject(t, nil)
		before := p.files(t)
		a, err := p.Plan(t.Context(), Request{Table: "notes", Columns: []string{"title:text"}, Now: noon})
		if err != nil {
			t.Fatal(err)
		}
		step := 0
		a.disk.before = func(string) error {
			if step++; step == fails {
				return full
			}
			return nil
		}
		err = a.Write(t.Context(), p.generate)
		if err == nil {
			if fails != 7 {
				t.Errorf("there are %d steps, want 6", fails-1)
			}
			return
		}
		if !errors.Is(err, full) {
			t.Errorf("step %d: %v", fails, err)
		}
		if after := p.files(t); !maps.Equal(before, after) {
			t.Errorf("after step %d has failed there are %q", fails, names(after))
		}
	}
}

func TestAFileThatWasEditedMeanwhileStays(t *testing.T) {
	p := newProject(t, nil)
	a, err := p.Plan(t.Context(), Request{Table: "notes", Columns: []string{"title:text"}, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("it does not compile")
	err = a.Write(t.Context(), func(context.Context) error {
		return errors.Join(broken, os.WriteFile(p.path("queries/notes.sql"), []byte("-- mine\n"), 0o600))
	})
	var undone *UndoneError
	if !errors.Is(err, broken) || !errors.As(err, &undone) || !strings.Contains(err.Error(), "was edited meanwhile and stays") {
		t.Errorf("error %v", err)
	}
	files := p.files(t)
	if files["queries/notes.sql"] != "-- mine\n" {
		t.Errorf("the file says %q", files["queries/notes.sql"])
	}
	if _, there := files["schema/00001_notes.sql"]; there {
		t.Error("the migration is still there")
	}
}

func TestCancellingRemovesWhatWasWritten(t *testing.T) {
	p := newProject(t, nil)
	before := p.files(t)
	a, err := p.Plan(t.Context(), Request{Table: "notes", Columns: []string{"title:text"}, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = a.Write(ctx, func(ctx context.Context) error { cancel(); return p.generate(ctx) })
	if !errors.Is(err, context.Canceled) || !maps.Equal(before, p.files(t)) {
		t.Errorf("error %v, files %q", err, names(p.files(t)))
	}
}

func TestCancelledBeforeItNothingIsWritten(t *testing.T) {
	p := newProject(t, nil)
	before := p.files(t)
	a, err := p.Plan(t.Context(), Request{Table: "notes", Columns: []string{"title:text"}, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Write(ctx, p.generate); !errors.Is(err, context.Canceled) || !maps.Equal(before, p.files(t)) {
		t.Errorf("error %v, files %q", err, names(p.files(t)))
	}
}

// Of tables and migrations that are planned at once and want one number, one gets it and the others
// are told to try again.
func TestNoTwoMigrationsGetOneNumber(t *testing.T) {
	p := newProject(t, nil)
	const runs = 8
	var wait sync.WaitGroup
	errs := make([]error, runs)
	for i := range runs {
		table := "t" + strconv.Itoa(i)
		write := func() error {
			m, err := NewMigration(p.path("schema"), table, noon)
			if err != nil {
				return err
			}
			return m.Write(t.Context(), p.path(p.Name))
		}
		if i%2 == 0 {
			a, err := p.Plan(t.Context(), Request{Table: table, Columns: []string{"a:text"}, Now: noon})
			if err != nil {
				t.Fatal(err)
			}
			write = func() error { return a.Write(t.Context(), func(context.Context) error { return nil }) }
		}
		wait.Go(func() { errs[i] = write() })
	}
	wait.Wait()
	numbers := map[string]bool{}
	migrations, err := sqlNames(p.path("schema"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range migrations {
		if number := numberOf(name); numbers[number] {
			t.Errorf("two migrations have the number %s: %q", number, migrations)
		} else {
			numbers[number] = true
		}
	}
	written := len(slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return err != nil }))
	if written != len(migrations) || written == 0 {
		t.Errorf("%d runs have written, and there are %q: %v", written, migrations, errs)
	}
	for _, err := range errs {
		if err != nil && !strings.Contains(err.Error(), "run this again") {
			t.Error(err)
		}
	}
	queries, err := sqlNames(p.path("queries"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, name := range queries {
		if !slices.ContainsFunc(migrations, func(m string) bool { return strings.HasSuffix(m, "_"+name) }) {
			t.Errorf("the queries %s of no table are left", name)
		}
	}
}

func TestWithoutLinksAFileIsStillNotReplaced(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "nowhere", "x") // a link to it fails as one fails that there cannot be
	name := filepath.Join(dir, "a.sql")
	if err := os.WriteFile(name, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := giveName(missing, name); !errors.Is(err, os.ErrExist) {
		t.Errorf("error %v", err)
	}
}
