package golden

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

func TestSuccessCasesGenerateWhatIsWanted(t *testing.T) {
	for _, name := range caseNames(t, false) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			project := copyCase(t, name)
			plan := generate(t, project)
			want := filepath.Join(cases, name, "want")
			if *update {
				if err := os.RemoveAll(filepath.Join(want, "gen")); err != nil {
					t.Fatal(err)
				}
				if err := os.CopyFS(filepath.Join(want, "gen"), os.DirFS(filepath.Join(project, "gen"))); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(tree(t, filepath.Join(want, "gen")), tree(t, filepath.Join(project, "gen"))); diff != "" {
				t.Errorf("generated files differ (-want +got):\n%s", diff)
			}
			compareWarnings(t, filepath.Join(want, "warnings.txt"), plan.Warnings)
		})
	}
}

// compareWarnings compares what is said with a file. Where there is none, nothing is
// to be said.
func compareWarnings(t *testing.T, name string, warnings []problem.Problem) {
	t.Helper()
	if len(warnings) > 0 {
		compareFile(t, name, []byte((&problem.Found{Problems: warnings}).Error()+"\n"))
		return
	}
	if *update {
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(name); err == nil {
		t.Errorf("there are no warnings, and %s wants some", name)
	}
}

func TestGeneratedCodeOfEachCaseRuns(t *testing.T) {
	names := caseNames(t, false)
	bin := t.TempDir()
	for _, name := range names {
		build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(bin, name), filepath.Join(cases, name, "run"))
		build.Env = goEnvironment()
		if output, err := build.CombinedOutput(); err != nil {
			t.Errorf("%s: does not compile: %v\n%s", name, err, output)
			continue
		}
		t.Run(name, func(t *testing.T) {
			output, err := exec.CommandContext(t.Context(), filepath.Join(bin, name), t.TempDir()).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, output)
			}
			compareFile(t, filepath.Join(cases, name, "want", "output.txt"), output)
		})
	}
}

func TestErrorCasesReportEveryProblem(t *testing.T) {
	for _, name := range caseNames(t, true) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			project := copyCase(t, name)
			_, err := codegen.NewPlan(t.Context(), options(t, project))
			var problems *problem.Found
			if !errors.As(err, &problems) {
				t.Fatalf("the error is %v, want a list of problems", err)
			}
			compareFile(t, filepath.Join(cases, name, "errors.txt"), []byte(problems.Error()+"\n"))
		})
	}
}

func TestStrictMakesErrorsOfWarnings(t *testing.T) {
	o := options(t, copyCase(t, "62_plain_schema"))
	o.Strict = true
	_, err := codegen.NewPlan(t.Context(), o)
	var problems *problem.Found
	if !errors.As(err, &problems) || problems.Problems[0].Severity != problem.Error {
		t.Fatalf("the error is %v, want the warning as an error", err)
	}
	if !strings.Contains(err.Error(), "this is no goose migration") {
		t.Errorf("the error is %v, want that of the schema", err)
	}
}
