//go:build unix

package dev

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The wire that Silo itself has writes what the program is put together by: when there is a new injector, when
// a constructor changes, and not before what wire finds wrong is mended.
func TestInjectorsAreWiredWhenTheyOrConstructorsChange(t *testing.T) {
	const constructor = "package app\n\ntype App struct{ Name string }\n\nfunc NewName() string { return \"%s\" }\n"
	files := map[string]string{
		"app/app.go":  strings.Replace(constructor, "%s", "plain", 1),
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
