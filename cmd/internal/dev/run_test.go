//go:build unix

package dev

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// pids returns the numbers of the programs that were started, in order.
func (w *world) pids(t *testing.T) (all []int) {
	t.Helper()
	for _, m := range regexp.MustCompile(`pid=([0-9]+);`).FindAllStringSubmatch(w.out.String(), -1) {
		pid, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, pid)
	}
	return all
}

// alive reports whether there is a process.
func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func TestAProgramIsBuiltAndStartedAnewAfterAChange(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	w := newWorld(t, nil, func(o *Options) { o.Args = []string{"serve", "--on"} })
	w.expect(t, `version one ["serve" "--on"]`)
	w.write(t, "version.sql", "two")
	w.expect(t, "drained one")
	w.expect(t, "version two")
	w.write(t, "main.go", strings.Replace(program, "version %s", "edited %s", 1))
	w.expect(t, "drained two")
	w.expect(t, "edited two")
	w.stop(t)
	w.expect(t, "drained two")
	for _, pid := range w.pids(t) {
		if alive(pid) {
			t.Errorf("process %d is left", pid)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*")); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
}

func TestWhatWasBuiltLastGoesOnWhileSQLOrGoIsBroken(t *testing.T) {
	w := newWorld(t, nil, nil)
	w.expect(t, "version one")
	pid := w.pids(t)[0]

	w.write(t, "version.sql", "broken")
	w.expect(t, "version.sql:1: there is no such column\n")
	w.expect(t, "app goes on as it was built before")
	w.write(t, "main.go", strings.Replace(program, "asked :=", "asked =", 1))
	w.expect(t, "version.sql:1: there is no such column\n")
	w.write(t, "version.sql", "two")
	w.expect(t, "./main.go:13:2: undefined: asked")
	w.expect(t, "app goes on as it was built before")
	if !alive(pid) || strings.Contains(w.out.String(), "drained") {
		t.Errorf("the program was ended:\n%s", w.out)
	}
	w.write(t, "main.go", program)
	w.expect(t, "drained one")
	w.expect(t, "version two")
}

func TestAProgramThatDoesNotCompileAtFirstIsWaitedFor(t *testing.T) {
	w := newWorld(t, map[string]string{"main.go": "package main\n\nfunc main() {\n"}, nil)
	w.expect(t, "./main.go:4:1: syntax error")
	w.expect(t, "waiting for a change")
	w.write(t, "main.go", program)
	w.expect(t, "version one")
}

func TestAProgramThatBecomesAPackageIsWaitedFor(t *testing.T) {
	w := newWorld(t, nil, nil)
	w.expect(t, "version one")
	w.write(t, "main.go", "package app\n")
	w.expect(t, "waiting for a change")
	w.write(t, "main.go", program)
	w.expect(t, "version one")
}

func TestWhatDoesNotChangeTheProgramDoesNotEndIt(t *testing.T) {
	w := newWorld(t, nil, nil)
	w.expect(t, "version one")
	w.write(t, "main_test.go", "package main\n\nthis is not Go")
	w.write(t, "notes.txt", "whatever")
	w.write(t, "data/silo.json", "{}")
	w.write(t, "data/tenants.sql", "x")
	w.write(t, ".git/index.go", "x")
	w.write(t, "main.go", program+"\n// A comment.\n") // is built, and is the same
	w.write(t, "version.sql", "two")
	w.expect(t, "version two")
	if starts := len(w.pids(t)); starts != 2 {
		t.Errorf("it was started %d times:\n%s", starts, w.out)
	}
}

func TestAStormOfSavesIsOneRoundOrTwo(t *testing.T) {
	w := newWorld(t, nil, nil)
	w.expect(t, "version one")
	for i := range 200 {
		w.write(t, "version.sql", "two")
		w.write(t, fmt.Sprintf("sub%d/sub.go", i%20), "package sub\n")
	}
	w.write(t, "version.sql", "last")
	w.expect(t, "version last")
	if starts := len(w.pids(t)); starts > 3 {
		t.Errorf("it was started %d times:\n%s", starts, w.out)
	}
}

func TestAProgramThatEndsIsStartedAtTheNextChange(t *testing.T) {
	ends := strings.Replace(program, "<-asked", "os.Exit(3)", 1)
	w := newWorld(t, map[string]string{"main.go": ends}, nil)
	w.expect(t, "app has ended (exit status 3); waiting for a change")
	w.write(t, "main.go", ends+"\n// The same program.\n")
	w.expect(t, "version one")
	w.expect(t, "app has ended (exit status 3); waiting for a change")
}

func TestAProgramThatDoesNotEndIsKilledWithWhatItHasStarted(t *testing.T) {
	deaf := strings.Replace(program, "\tfmt.Printf(", `	child := exec.Command("sleep", "600")
	child.Stdout = os.Stdout
	if err := child.Start(); err != nil {
		panic(err)
	}
	fmt.Printf("child pid=%d;\n", child.Process.Pid)
	fmt.Printf(`, 1)
	deaf = strings.Replace(deaf, `"os/signal"`, "\"os/exec\"\n\t\"os/signal\"", 1)
	deaf = strings.Replace(deaf, "<-asked", "<-asked\n\tfmt.Println(\"deaf\")\n\tselect {}", 1)
	w := newWorld(t, map[string]string{"main.go": deaf}, func(o *Options) { o.Grace = 50 * time.Millisecond })
	w.expect(t, "version one")
	w.stop(t)
	pids := w.pids(t)
	if len(pids) != 2 {
		t.Fatalf("pids %v of\n%s", pids, w.out)
	}
	for _, pid := range pids {
		wantEnded(t, pid)
	}
}

// wantEnded waits for the end of a process that has been killed and that nobody has waited for: it lets
// go of its files, by which the loop knows, some time before.
func wantEnded(t *testing.T, pid int) {
	t.Helper()
	for until := time.Now().Add(time.Minute); alive(pid) && !zombie(pid); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			t.Errorf("process %d is left", pid)
			return
		}
	}
}

// zombie reports whether a process has ended and its parent, which may be init, has not looked.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func TestAFileThatIsEmbeddedIsAPartOfTheProgram(t *testing.T) {
	embeds := strings.Replace(program, "func main() {", "//go:embed pages/*.html\nvar pages embed.FS\n\nfunc main() {\n\tpage, _ := pages.ReadFile(\"pages/a.html\")\n\tfmt.Printf(\"page %s;\\n\", page)", 1)
	embeds = strings.Replace(embeds, "import (", "import (\n\t\"embed\"", 1)
	w := newWorld(t, map[string]string{"main.go": embeds, "pages/a.html": "first"}, nil)
	w.expect(t, "page first;")
	w.expect(t, "version one")
	w.write(t, "pages/a.html", "second")
	w.expect(t, "page second;")
}

func TestInterruptedWhileItBuildsItLeavesNothing(t *testing.T) {
	w := newWorld(t, nil, nil)
	w.expect(t, "version one")
	w.write(t, "main.go", program+"\nvar _ = 1\n")
	w.stop(t) // in whatever it is at
	for _, pid := range w.pids(t) {
		if alive(pid) {
			t.Errorf("process %d is left", pid)
		}
	}
}

func TestOnATerminalAnErrorIsClearedWhenItIsMended(t *testing.T) {
	w := newWorld(t, nil, func(o *Options) { o.Terminal = Interactive })
	w.expect(t, "version one")
	w.write(t, "version.sql", "broken")
	w.expect(t, "there is no such column")
	if strings.Contains(w.out.String(), clear) {
		t.Error("something was cleared before there was an error")
	}
	w.write(t, "version.sql", "two")
	w.expect(t, clear)
	w.expect(t, "version two")
}

func TestChangesAreFoundByLookingToo(t *testing.T) {
	w := newWorld(t, nil, func(o *Options) { o.Watch = ByLooking })
	w.expect(t, "version one")
	w.write(t, "version.sql", "two")
	w.expect(t, "version two")
}

func TestAPackageThatIsNoProgramIsAnError(t *testing.T) {
	w := newWorld(t, map[string]string{"main.go": "package app\n"}, nil)
	<-w.done
	if w.err == nil || !strings.Contains(w.err.Error(), "example.com/app is no program but package app: name a package main") {
		t.Errorf("error %v", w.err)
	}
	w.err = nil
}
