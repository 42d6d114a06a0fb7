//go:build unix

package dev

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// wired returns the files of the program in a module that has Silo's wire, which puts together an App of the code.
func wired(t *testing.T, code string) map[string]string {
	t.Helper()
	files := map[string]string{
		"app/app.go":  code,
		"app/wire.go": "//go:build wireinject\n\npackage app\n\nimport \"github.com/google/wire\"\n\nfunc New() *App { panic(wire.Build(NewName, wire.Struct(new(App), \"*\"))) }\n",
		"main.go": strings.NewReplacer(`"example.com/app/gen"`, "\"example.com/app/app\"\n\t\"example.com/app/gen\"", "func main() {",
			"func main() {\n\tfmt.Printf(\"name %s;\\n\", app.New().Name)").Replace(program),
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join("../../..", name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = strings.Replace(string(text), "module github.com/silokit/silo", "module example.com/app", 1)
	}
	return files
}

// The wire that Silo itself has writes what the program is put together by: when there is a new injector, when
// a constructor changes, and not before what wire finds wrong is mended.
func TestInjectorsAreWiredWhenTheyOrConstructorsChange(t *testing.T) {
	files := wired(t, "package app\n\ntype App struct{ Name string }\n\nfunc NewName() string { return \"plain\" }\n")
	w := newWorld(t, files, nil)
	w.expect(t, "name plain;")
	w.expect(t, "version one")

	// A constructor that needs more, which is provided for: wire_gen.go does not compile, and is written anew.
	needs := "package app\n\ntype App struct{ Name string }\n\ntype Suffix string\n\nfunc NewSuffix() Suffix { return \"!\" }\n\nfunc NewName(s Suffix) string { return \"fancy\" + string(s) }\n"
	w.write(t, "app/app.go", needs)
	w.expect(t, "no provider found for example.com/app/app.Suffix")
	w.expect(t, "app goes on as it was built before")
	w.write(t, "app/wire.go", strings.Replace(files["app/wire.go"], "NewName,", "NewName, NewSuffix,", 1))
	w.expect(t, "name fancy!;")
	w.expect(t, "version one")
}

// A round in which generating fails forgets nothing: what had changed is wired, and what is embedded is watched, in the one that succeeds.
func TestWhatChangedInARoundThatFailedIsNotForgotten(t *testing.T) {
	files := wired(t, "package app\n\ntype App struct{ Name string }\n\nfunc NewName() string { return \"plain\" }\n")
	w := newWorld(t, files, nil)
	w.expect(t, "name plain;")
	w.expect(t, "version one")
	w.write(t, "version.sql", "broken")
	w.expect(t, "there is no such column")
	w.write(t, "pages/a.html", "first")
	w.write(t, "app/wire.go", files["app/wire.go"]+"\nfunc Other() string { panic(wire.Build(NewName)) }\n")
	w.write(t, "main.go", strings.NewReplacer("app.New().Name", "app.Other() + page", "func main() {", "//go:embed pages/a.html\nvar page string\n\nfunc main() {",
		"import (", "import (\n\t_ \"embed\"").Replace(files["main.go"]))
	w.expect(t, "there is no such column")
	w.write(t, "version.sql", "two")
	w.expect(t, "name plainfirst;")
	w.expect(t, "version two")
	w.write(t, "pages/a.html", "second")
	w.expect(t, "name plainsecond;")
}

// Where wire is no tool, what it wrote once is built.
func TestWithoutWireItsFilesAreBuiltAsTheyAre(t *testing.T) {
	files := wired(t, "package app\n\ntype App struct{ Name string }\n\nfunc NewName() string { return \"plain\" }\n")
	files["go.mod"] = "module example.com/app\n\ngo 1.26\n"
	files["app/wire_gen.go"] = "//go:build !wireinject\n\npackage app\n\nfunc New() *App { return &App{NewName()} }\n"
	w := newWorld(t, files, nil)
	w.expect(t, "name plain;")
	w.expect(t, "version one")
	w.write(t, "app/app.go", "package app\n\ntype App struct{ Name string }\n\nfunc NewName(n int) string { return \"plain\" }\n")
	w.expect(t, "wire_gen.go:5:")
	w.expect(t, "app goes on as it was built before")
}
