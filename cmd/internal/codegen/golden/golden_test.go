package golden

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/cli"
	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/plugin"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

var update = flag.Bool("update", false, "write what comes out in the place of what is wanted")

const cases = "../testdata"

// TestMain makes the test binary its own sqlc and its own plugin.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == codegen.ChildArg || os.Args[1] == plugin.Method) {
		os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

func TestSuccessCasesGenerateWhatIsWanted(t *testing.T) {
	for _, name := range caseNames(t, false) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			project := copyCase(t, name)
			generate(t, project)
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
		})
	}
}

func TestGeneratedCodeOfEachCaseRuns(t *testing.T) {
	names := caseNames(t, false)
	bin := t.TempDir()
	for _, name := range names {
		build := exec.Command("go", "build", "-o", filepath.Join(bin, name), filepath.Join(cases, name, "run"))
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if output, err := build.CombinedOutput(); err != nil {
			t.Errorf("%s: does not compile: %v\n%s", name, err, output)
			continue
		}
		t.Run(name, func(t *testing.T) {
			output, err := exec.Command(filepath.Join(bin, name), t.TempDir()).CombinedOutput()
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
			var problems *problem.Error
			if !errors.As(err, &problems) {
				t.Fatalf("the error is %v, want a list of problems", err)
			}
			compareFile(t, filepath.Join(cases, name, "errors.txt"), []byte(problems.Error()+"\n"))
		})
	}
}

func TestOutputIsTheSameInEveryRunAndFolder(t *testing.T) {
	const name = "nullability"
	want := tree(t, filepath.Join(cases, name, "want", "gen"))
	for range 3 {
		project := copyCase(t, name)
		generate(t, project)
		if diff := cmp.Diff(want, tree(t, filepath.Join(project, "gen"))); diff != "" {
			t.Errorf("output differs in %s (-want +got):\n%s", project, diff)
		}
	}
	// From another working folder, by a relative path, into what is already there.
	project := copyCase(t, name)
	t.Chdir(filepath.Join(project, "queries"))
	for range 2 {
		plan, err := codegen.NewPlan(t.Context(), codegen.Options{Config: filepath.Join("..", "sqlc.yaml"), Self: self(t)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plan.Commit(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, tree(t, filepath.Join(project, "gen"))); diff != "" {
			t.Errorf("output differs from another folder (-want +got):\n%s", diff)
		}
	}
}

func TestLineEndsAndByteOrderMarksChangeNothing(t *testing.T) {
	const name = "commands"
	project := copyCase(t, name)
	file := filepath.Join(project, "queries", "books.sql")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	windows := "\ufeff" + strings.ReplaceAll(string(text), "\n", "\r\n")
	if err := os.WriteFile(file, []byte(windows), 0o644); err != nil {
		t.Fatal(err)
	}
	generate(t, project)
	if diff := cmp.Diff(tree(t, filepath.Join(cases, name, "want", "gen")), tree(t, filepath.Join(project, "gen"))); diff != "" {
		t.Errorf("output differs (-want +got):\n%s", diff)
	}
}

func TestBrokenGeneratedCodeIsRepaired(t *testing.T) {
	project := copyCase(t, "global")
	generate(t, project)
	want := tree(t, filepath.Join(project, "gen"))
	file := filepath.Join(project, "gen", "plans.sql.go")
	if err := os.WriteFile(file, []byte(codegen.Header+"\n\nthis is no Go\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	generate(t, project)
	if diff := cmp.Diff(want, tree(t, filepath.Join(project, "gen"))); diff != "" {
		t.Errorf("not repaired (-want +got):\n%s", diff)
	}
}

func TestCancellingStopsGenerating(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := codegen.NewPlan(ctx, options(t, copyCase(t, "global")))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want context.Canceled", err)
	}
}

// caseNames returns the cases that have to fail, or those that have not.
func caseNames(t *testing.T, failing bool) []string {
	t.Helper()
	entries, err := os.ReadDir(cases)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		_, err := os.Stat(filepath.Join(cases, entry.Name(), "errors.txt"))
		if (err == nil) == failing {
			names = append(names, entry.Name())
		}
	}
	if len(names) == 0 {
		t.Fatal("there are no cases")
	}
	return names
}

// copyCase returns a folder with what goes into a case.
func copyCase(t *testing.T, name string) string {
	t.Helper()
	project := t.TempDir()
	for _, part := range []string{"schema", "queries"} {
		if err := os.CopyFS(filepath.Join(project, part), os.DirFS(filepath.Join(cases, name, part))); err != nil {
			t.Fatal(err)
		}
	}
	config, err := os.ReadFile(filepath.Join(cases, name, "sqlc.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(project, "sqlc.yaml"), config, 0o644); err != nil {
		t.Fatal(err)
	}
	return project
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func options(t *testing.T, project string) codegen.Options {
	return codegen.Options{Config: filepath.Join(project, "sqlc.yaml"), Self: self(t)}
}

func generate(t *testing.T, project string) {
	t.Helper()
	plan, err := codegen.NewPlan(t.Context(), options(t, project))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Commit(); err != nil {
		t.Fatal(err)
	}
}

// tree returns the texts of the files below a folder by their paths.
func tree(t *testing.T, root string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(root, name))
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func compareFile(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs (-want +got):\n%s", name, cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
	}
}
