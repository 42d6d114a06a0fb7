//go:build linux || darwin

package golden

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

// TestAKilledRunLeavesTheOldFilesOrTheNew kills the command at random instants, half of
// them while it is known to be writing, and looks at what it left.
func TestAKilledRunLeavesTheOldFilesOrTheNew(t *testing.T) {
	const runs = 60
	project := copyCase(t, "07_query_parameter_limit")
	versions := []func(){
		func() { writeMany(t, project, "id", 12) },
		func() { writeMany(t, project, "x", 9) }, // other texts, and fewer files
	}
	want := make([]map[string]string, len(versions))
	started := time.Now()
	for i := range versions {
		versions[i]()
		finish(t, project)
		want[i] = tree(t, filepath.Join(project, "gen"))
	}
	whole := time.Since(started) / 2
	seen := map[string]int{}
	for run := range runs {
		before := want[(run+1)%2]
		after := want[run%2]
		versions[run%2]()
		killRun(t, project, run, whole)
		switch got := tree(t, filepath.Join(project, "gen")); {
		case maps.Equal(got, before):
			seen["as before"]++
		case maps.Equal(got, after):
			seen["as after"]++
		default:
			t.Fatalf("run %d left neither the old files nor the new ones: %v", run, slices.Sorted(maps.Keys(got)))
		}
		if len(leftBehind(t, project)) > 0 {
			seen["something beside it"]++
		}
		finish(t, project)
		if got := tree(t, filepath.Join(project, "gen")); !maps.Equal(got, after) {
			t.Fatalf("run %d: the run after the killed one did not mend it", run)
		}
		if left := leftBehind(t, project); len(left) > 0 {
			t.Fatalf("run %d: the run after the killed one left %v", run, left)
		}
	}
	t.Logf("of %d killed runs: %v", runs, seen)
}

// TestTwoRunsAtOnceLeaveWhatOneLeaves changes the project between pairs of runs.
func TestTwoRunsAtOnceLeaveWhatOneLeaves(t *testing.T) {
	project := copyCase(t, "07_query_parameter_limit")
	for pair := range 10 {
		column, files := "id", 12
		if pair%2 == 1 {
			column, files = "x", 9
		}
		writeMany(t, project, column, files)
		var runs [2]*exec.Cmd
		for i := range runs {
			runs[i] = command(t, project)
			if err := runs[i].Start(); err != nil {
				t.Fatal(err)
			}
		}
		for _, run := range runs {
			if err := run.Wait(); err != nil {
				t.Errorf("pair %d: a run failed: %v", pair, err)
			}
		}
		if left := leftBehind(t, project); len(left) > 0 {
			t.Errorf("pair %d left %v", pair, left)
		}
		check := exec.Command(self(t), "generate", "--check", "-f", filepath.Join(project, "sqlc.yaml"))
		if output, err := check.CombinedOutput(); err != nil {
			t.Errorf("pair %d left what is stale: %v\n%s", pair, err, output)
		}
	}
}

// writeMany makes a project of many files of queries.
func writeMany(t *testing.T, project, column string, files int) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(project, "queries")); err != nil {
		t.Fatal(err)
	}
	for i := range files {
		write(t, project, fmt.Sprintf("queries/q%02d.sql", i),
			fmt.Sprintf("-- name: Get%d :many\nSELECT id, x, %d AS n FROM points WHERE %s = @p;\n", i, i, column))
	}
}

func command(t *testing.T, project string) *exec.Cmd {
	cmd := exec.Command(self(t), "generate", "-f", filepath.Join(project, "sqlc.yaml"))
	cmd.Dir = project
	return cmd
}

func finish(t *testing.T, project string) {
	t.Helper()
	if output, err := command(t, project).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// killRun starts a run and kills it: every other one when it has begun to write.
func killRun(t *testing.T, project string, run int, whole time.Duration) {
	t.Helper()
	cmd := command(t, project)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	if run%2 == 0 {
		select {
		case <-done:
			return
		case <-time.After(rand.N(whole)):
		}
	} else {
		for len(leftBehind(t, project)) == 0 {
			select {
			case <-done:
				return
			default:
			}
		}
		for range rand.N(2000) {
			runtime.Gosched()
		}
	}
	_ = cmd.Process.Kill() // it may have ended
	<-done
}

// leftBehind returns what is in the project's folders and not the project's.
func leftBehind(t *testing.T, project string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(project, ".silo-*"))
	if err != nil {
		t.Fatal(err)
	}
	deeper, err := filepath.Glob(filepath.Join(project, "gen", "*", ".silo-*"))
	if err != nil {
		t.Fatal(err)
	}
	return append(found, deeper...)
}
