package wiring

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// newModule writes a module.
func newModule(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestInjectorsAreFoundByTheirConstraint(t *testing.T) {
	const injector = "//go:build wireinject\n\npackage x\n"
	w, err := Find(newModule(t, map[string]string{
		"go.mod":               "module example.com/app\n",
		"wire.go":              "// Copyright.\n\n" + injector,
		"app/other_name.go":    "//go:build wireinject && !never\n\npackage x\n",
		"app/wire_gen.go":      "//go:build !wireinject\n\npackage x\n",
		"app/either.go":        "//go:build wireinject || linux || !linux\n\npackage x\n",
		"app/text.go":          "package x\n\n//go:build wireinject\n",
		"app/broken.go":        "//go:build (\n\npackage x\n",
		"app/empty.go":         "",
		"app/twice.go":         injector,
		"app/wire.txt":         injector,
		"odd.go/text.txt":      "a folder that is called like a file of Go",
		"tagged/wire.go":       "//go:build wireinject && linux\n\npackage x\n",
		".hidden/wire.go":      injector,
		"testdata/wire.go":     injector,
		"app/vendor/y/wire.go": injector,
		"inner/go.mod":         "module example.com/inner\n",
		"inner/wire.go":        injector,
	}))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"./app", "./tagged", "./."}; !slices.Equal(w.Packages, want) {
		t.Errorf("packages %q, want %q", w.Packages, want)
	}
	if len(w.Files) != 4 {
		t.Errorf("files %q", w.Files)
	}
	if _, err := w.Command(t.Context(), "gen"); !errors.Is(err, ErrNoTool) {
		t.Errorf("error %v, want ErrNoTool", err)
	}
}

func TestWhatCannotBeReadIsAnErrorAndWhatIsGoneIsNone(t *testing.T) {
	root := t.TempDir()
	if injector, err := IsInjector(filepath.Join(root, "gone.go")); injector || err != nil {
		t.Errorf("of a file that is gone: %t, %v", injector, err)
	}
	if injector, err := IsInjector(root); injector || err == nil {
		t.Errorf("of a folder: %t, %v", injector, err)
	}
	if _, err := Find(filepath.Join(root, "nowhere")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of a module that is not there: %v", err)
	}
}

func TestTheToolIsThatOfTheTools(t *testing.T) {
	files := map[string]string{
		"go.mod":       "module example.com/app\n\ngo 1.26\n\ntool " + Tool + "\n",
		"tools/go.mod": "module example.com/app/tools\n\ngo 1.26\n\ntool " + Tool + "\n",
		"app/wire.go":  "//go:build wireinject\n\npackage x\n",
	}
	root := newModule(t, files)
	for _, want := range []string{"go tool -modfile=tools/go.mod wire diff ./app", "go tool wire diff ./app"} {
		w, err := Find(root)
		if err != nil {
			t.Fatal(err)
		}
		cmd, err := w.Command(t.Context(), "diff")
		if err != nil {
			t.Fatal(err)
		}
		if got := filepath.ToSlash(strings.Join(cmd.Args, " ")); got != want || cmd.Dir != root {
			t.Errorf("command %q in %s, want %q", got, cmd.Dir, want)
		}
		if err := os.RemoveAll(filepath.Join(root, "tools")); err != nil {
			t.Fatal(err)
		}
	}
}

// The wire that Silo itself has writes what is missing, and finds nothing to write then.
func TestTheCommandWritesInjectors(t *testing.T) {
	files := map[string]string{
		"app/app.go": "package app\n\ntype App struct{ Name string }\n\nfunc NewName() string { return \"notes\" }\n",
		"app/wire.go": `//go:build wireinject

package app

import "github.com/google/wire"

func New() *App { panic(wire.Build(NewName, wire.Struct(new(App), "*"))) }
`,
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join("../../..", name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = strings.Replace(string(text), "module github.com/silokit/silo", "module example.com/app", 1)
	}
	root := newModule(t, files)
	w, err := Find(root)
	if err != nil {
		t.Fatal(err)
	}
	run := func(verb string) error {
		cmd, err := w.Command(t.Context(), verb)
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.CombinedOutput()
		t.Logf("wire %s: %s", verb, out)
		return err
	}
	var exit *exec.ExitError
	if err := run("diff"); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("diff of what is missing: %v", err)
	}
	if err := run("gen"); err != nil {
		t.Errorf("gen: %v", err)
	}
	if err := run("diff"); err != nil {
		t.Errorf("diff of what was written: %v", err)
	}
	if _, err := os.Stat(filepath.Join(root, "app", "wire_gen.go")); err != nil {
		t.Error(err)
	}
}
