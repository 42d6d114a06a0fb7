package scaffold

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// killAt says, in the environment, that the test binary is to complete the folder with few, and to
// die before its step of that number: "FOLDER NUMBER".
const killAt = "SCAFFOLD_TEST_KILL_AT"

func TestMain(m *testing.M) {
	if task := os.Getenv(killAt); task != "" {
		commitUntilKilled(task)
		return
	}
	os.Exit(m.Run())
}

func commitUntilKilled(task string) {
	at := strings.LastIndex(task, " ")
	last, err := strconv.Atoi(task[at+1:])
	if err != nil {
		panic(err)
	}
	plan, err := NewPlan(task[:at], few, Complete)
	if err != nil {
		panic(err)
	}
	plan.disk.fault = atStep(last, func() error {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		if err != nil {
			panic(err)
		}
		select {} // until it is dead
	})
	if err := plan.Commit(context.Background()); err != nil {
		panic(err)
	}
}

// atStep returns a fault that calls f at a step, counted from 1.
func atStep(last int, f func() error) func(step, name string) error {
	step := 0
	return func(string, string) error {
		if step++; step == last {
			return f()
		}
		return nil
	}
}

// places are the folders that few are committed to: one that is not there, and one with
// somebody's files.
var places = []struct {
	name  string
	there map[string]string
}{
	{"a new folder", nil},
	{"a folder with files", map[string]string{"mine.txt": "mine", "cmd/few/main.go": "package main\n"}},
}

func TestAFailureAtAnyStepLeavesNothing(t *testing.T) {
	errFault := errors.New("the disk fails")
	for _, place := range places {
		t.Run(place.name, func(t *testing.T) {
			for n := 1; ; n++ {
				parent := t.TempDir()
				dir := filepath.Join(parent, "few")
				put(t, dir, place.there)
				before := contents(t, parent)
				plan, err := NewPlan(dir, few, Complete)
				if err != nil {
					t.Fatal(err)
				}
				failed := false
				plan.disk.fault = atStep(n, func() error { failed = true; return errFault })
				err = plan.Commit(t.Context())
				if err == nil && failed {
					t.Errorf("step %d has failed, and nobody says so", n)
					continue
				}
				if err == nil {
					requireContents(t, dir, want(place.there))
					if n < 10 {
						t.Errorf("there are %d steps, want more", n-1)
					}
					return
				}
				if !errors.Is(err, errFault) {
					t.Fatalf("step %d: %v", n, err)
				}
				if got := contents(t, parent); !maps.Equal(got, before) {
					t.Errorf("step %d: there is %v, want %v", n, got, before)
				}
			}
		})
	}
}

func TestAProcessThatIsKilledAtAnyStepLeavesAllOrWhatTheNextCompletes(t *testing.T) {
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range places {
		t.Run(place.name, func(t *testing.T) {
			for n := 1; ; n++ {
				parent := t.TempDir()
				dir := filepath.Join(parent, "few")
				put(t, dir, place.there)
				cmd := exec.CommandContext(t.Context(), executable)
				cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", killAt, dir, n))
				out, err := cmd.CombinedOutput()
				if err == nil {
					requireContents(t, dir, want(place.there))
					if n < 10 {
						t.Errorf("there are %d steps, want more", n-1)
					}
					return
				}
				if strings.Contains(string(out), "panic") {
					t.Fatalf("step %d: %s", n, out)
				}
				if _, err := os.Stat(dir); err == nil && place.there == nil {
					requireContents(t, dir, want(nil)) // whole, or not there at all
				}
				plan, err := NewPlan(dir, few, Complete)
				if err != nil {
					t.Fatalf("step %d: %v", n, err)
				}
				if err := plan.Commit(t.Context()); err != nil {
					t.Fatalf("step %d: %v", n, err)
				}
				requireContents(t, parent, prefixed("few", want(place.there)))
			}
		})
	}
}
