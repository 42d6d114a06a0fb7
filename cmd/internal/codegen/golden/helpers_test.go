package golden

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/cli"
	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/plugin"
)

var update = flag.Bool("update", false, "write what comes out in the place of what is wanted")

const cases = "../testdata"

// TestMain makes the test binary its own sqlc and its own plugin, and with the argument
// generate the command. What runs remember and leave behind goes into a folder of
// the test's own.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && slices.Contains([]string{codegen.ChildArg, plugin.Method, "generate"}, os.Args[1]) {
		os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	home, err := os.MkdirTemp("", "golden-home-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(home) }() // a temporary folder, at the end of everything
	settings := map[string]string{"XDG_CACHE_HOME": home, "LocalAppData": home, "TMPDIR": home}
	if os.Getenv("GOCACHE") == "" { // go's own cache stays where it is
		cache, err := os.UserCacheDir()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		settings["GOCACHE"] = filepath.Join(cache, "go-build")
	}
	for name, value := range settings {
		if err := os.Setenv(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return m.Run()
}

// goEnvironment is the environment in which go builds.
func goEnvironment() []string { return append(os.Environ(), "CGO_ENABLED=0") }

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
	if err := os.CopyFS(project, os.DirFS(filepath.Join(cases, name))); err != nil {
		t.Fatal(err)
	}
	for _, wanted := range []string{"want", "run", "errors.txt"} {
		if err := os.RemoveAll(filepath.Join(project, wanted)); err != nil {
			t.Fatal(err)
		}
	}
	return project
}

// write makes a file of a project, and the folders to it.
func write(t *testing.T, project, name, text string) {
	t.Helper()
	file := filepath.Join(project, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
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

// generate writes a project's files and returns what was planned.
func generate(t *testing.T, project string) *codegen.Plan {
	t.Helper()
	plan, err := codegen.NewPlan(t.Context(), options(t, project))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Commit(); err != nil {
		t.Fatal(err)
	}
	return plan
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
