package checkup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/silokit/silo/cmd/internal/codegen"
)

// healthy is a project in which nothing is wrong, once it is generated.
var healthy = map[string]string{
	"go.mod": `module example.com/app

go 1.26.0

exclude github.com/google/pprof v0.0.0-20261016150608-1facf8f91b50

require github.com/silokit/silo v0.1.0
`,
	"tools/go.mod": `module example.com/app/tools

go 1.26.0

exclude github.com/google/pprof v0.0.0-20261016150608-1facf8f91b50

tool github.com/silokit/silo/cmd/silo

require github.com/silokit/silo v0.1.0
`,
	"sqlc.yaml": `version: "2"
sql:
  - engine: sqlite
    schema: schema
    queries: queries
    codegen:
      - plugin: silo
        out: gen/app
        options: {package: app, kind: tenant, migrations: example.com/app/schema.Migrations}
`,
	"schema/schema.go": "package schema\n\nimport \"embed\"\n\n//go:embed *.sql\nvar Migrations embed.FS\n",
	"schema/00001_notes.sql": `-- +goose Up
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);

-- +goose Down
DROP TABLE notes;
`,
	"queries/notes.sql": `-- name: GetNote :one
SELECT * FROM notes WHERE id = @id;
`,
}

// newProject writes a healthy project, generates, and then changes files: each is replaced by
// what edits says, and removed if that is empty. It returns the path of its configuration.
func newProject(t *testing.T, edits map[string]string) string {
	t.Helper()
	root := t.TempDir()
	write := func(files map[string]string) {
		for name, text := range files {
			file := filepath.Join(root, filepath.FromSlash(name))
			if text == "" {
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(healthy)
	config := filepath.Join(root, "sqlc.yaml")
	if _, _, err := codegen.Generate(t.Context(), codegen.Options{Config: config}); err != nil {
		t.Fatal(err)
	}
	write(edits)
	return config
}

// lines returns findings as one line each.
func lines(found []Finding) (all []string) {
	for _, f := range found {
		all = append(all, fmt.Sprintf("%s %s: %s", f.Kind, f.Place(), f.Problem))
	}
	return all
}

func TestEachThingThatIsWrongIsFoundAndNothingElse(t *testing.T) {
	edit := func(name string, oldnew ...string) map[string]string {
		text := strings.NewReplacer(oldnew...).Replace(healthy[name])
		if text == healthy[name] {
			t.Fatalf("nothing to replace in %s", name)
		}
		return map[string]string{name: text}
	}
	both := func(maps_ ...map[string]string) map[string]string {
		all := map[string]string{}
		for _, m := range maps_ {
			maps.Copy(all, m)
		}
		return all
	}
	second := strings.NewReplacer("notes", "tags").Replace(healthy["schema/00001_notes.sql"])
	const exclude = "exclude github.com/google/pprof v0.0.0-20261016150608-1facf8f91b50"
	tests := []struct {
		name    string
		edits   map[string]string
		version string
		want    []string // beginnings of lines
	}{
		{"nothing", nil, "", nil},
		{"the version is pinned", nil, "v0.1.0", nil},
		{"no version is known", nil, "(devel)", nil},
		{"another silo", nil, "v0.2.0", []string{"tools tools/go.mod: this is silo v0.2.0, and it has v0.1.0"}},
		{"an old Go in go.mod", edit("go.mod", "go 1.26.0", "go 1.21"), "", []string{"go go.mod: it says go 1.21, and Silo needs Go 1.26"}},
		{"no exclude", edit("go.mod", exclude, ""), "", []string{"module go.mod: it does not exclude the version of github.com/google/pprof"}},
		{"an exclude of another version", edit("go.mod", exclude, "exclude github.com/google/pprof v0.0.0-20240101000000-000000000000"), "", []string{"module go.mod: it does not exclude the version"}},
		{"no exclude of the tools", edit("tools/go.mod", exclude, ""), "", []string{"module tools/go.mod: it does not exclude"}},
		{"a go.mod that is none", map[string]string{"go.mod": "module example.com/app\n\nrequire (\n"}, "", []string{"module go.mod: it cannot be read: go.mod:4"}},
		{"no go.mod", map[string]string{"go.mod": ""}, "", []string{"module : there is no go.mod in ", "generated gen/app/silo.go: it is stale"}},
		{"tools/go.mod that is none", map[string]string{"tools/go.mod": "modul x\n"}, "", []string{"tools tools/go.mod: it cannot be read"}},
		{"no tools", map[string]string{"tools/go.mod": ""}, "", []string{"tools tools/go.mod: silo is no tool of go.mod or tools/go.mod"}},
		{
			"tools in go.mod", both(edit("go.mod", "require", "tool github.com/silokit/silo/cmd/silo\n\nrequire"), map[string]string{"tools/go.mod": ""}), "", nil,
		},
		{"two versions", edit("tools/go.mod", "v0.1.0", "v0.1.1"), "", []string{"tools tools/go.mod: it generates with silo v0.1.1, and go.mod has the library v0.1.0"}},
		{
			"one folder in both", map[string]string{
				"go.mod":       healthy["go.mod"] + "\nreplace github.com/silokit/silo => ../silo\n",
				"tools/go.mod": healthy["tools/go.mod"] + "\nreplace github.com/silokit/silo => ../../silo\n",
			}, "", nil,
		},
		{"a folder in one", map[string]string{"go.mod": healthy["go.mod"] + "\nreplace github.com/silokit/silo => ../silo\n"}, "", []string{"tools tools/go.mod: it generates with silo v0.1.0, and go.mod has the library in silo"}},
		{"a configuration that is wrong", edit("sqlc.yaml", "sqlite", "mysql"), "", []string{"config sqlc.yaml:3: Silo's databases are SQLite files"}},
		{"no YAML", map[string]string{"sqlc.yaml": "version: [\n"}, "", []string{"config sqlc.yaml:"}},
		{"a query that is wrong", edit("queries/notes.sql", "id = @id", "ids = @id"), "", []string{"generated queries/notes.sql:2: query GetNote: SQLite: no such column: ids"}},
		{"a query that was edited", edit("queries/notes.sql", "id = @id", "id >= @id"), "", []string{"generated gen/app/notes.sql.go: it is stale"}},
		{"a file that was removed", map[string]string{"gen/app/models.go": ""}, "", []string{"generated gen/app/models.go: it is missing"}},
		{"a migration that was edited", edit("schema/00001_notes.sql", "-- +goose Down", "-- More to come.\n-- +goose Down"), "", []string{
			"migrations gen/app/silo.go: the migrations were edited since it was generated",
		}},
		{"a migration that was added", map[string]string{"schema/00002_tags.sql": second}, "", []string{
			"generated gen/app/models.go: it is stale", "migrations gen/app/silo.go: the migrations were edited",
		}},
		{"a number twice", map[string]string{"schema/1_tags.sql": second}, "", []string{"migrations schema/1_tags.sql: invalid migrations: has the same number as 00001_notes.sql"}},
		{"no number", map[string]string{"schema/tags.sql": second}, "", []string{"migrations schema/tags.sql: invalid migrations: the name must be NUMBER_title.sql"}},
		{"a wire that cannot be built", map[string]string{
			"app/wire.go":  "//go:build wireinject\n\npackage app\n",
			"tools/go.mod": healthy["tools/go.mod"] + "\ntool github.com/google/wire/cmd/wire\n",
		}, "", []string{"wire : wire fails: "}},
		{"injectors without wire", map[string]string{"app/wire.go": "//go:build wireinject\n\npackage app\n"}, "", []string{"wire tools/go.mod: there are injectors in ./app"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			found, err := Run(t.Context(), Options{Config: newProject(t, test.edits), Version: test.version})
			if err != nil {
				t.Fatal(err)
			}
			got := lines(found)
			if len(got) != len(test.want) || !slices.EqualFunc(got, test.want, strings.HasPrefix) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
			for _, f := range found {
				if f.Next == "" {
					t.Errorf("%s %s: it does not say what to do", f.Kind, f.Problem)
				}
			}
		})
	}
}

func TestAGoThatIsTooOldIsFound(t *testing.T) {
	t.Setenv("GOTOOLCHAIN", "local")
	config := newProject(t, map[string]string{"go.mod": strings.Replace(healthy["go.mod"], "go 1.26.0", "go 1.99", 1)})
	found, err := Run(t.Context(), Options{Config: config})
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(found); len(got) != 1 || !strings.HasPrefix(got[0], "go go.mod: the go command does not run here: go: go.mod requires go >= 1.99") &&
		!strings.HasPrefix(got[0], "go go.mod: it says go 1.99, and the go command is 1.") {
		t.Errorf("found %q", got)
	}
}

func TestWithoutGoThatIsFound(t *testing.T) {
	config := newProject(t, nil)
	t.Setenv("PATH", t.TempDir())
	found, err := Run(t.Context(), Options{Config: config})
	if got := lines(found); err != nil || len(got) != 1 || !strings.HasPrefix(got[0], "go : there is no go command") {
		t.Errorf("found %q, %v", got, err)
	}
}

func TestCancellingEndsTheCheck(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	config := newProject(t, nil)
	cancel()
	if _, err := Run(ctx, Options{Config: config}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestNothingIsWritten(t *testing.T) {
	config := newProject(t, map[string]string{"gen/app/models.go": ""})
	if _, err := Run(t.Context(), Options{Config: config}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(config), "gen/app/models.go")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file was written: %v", err)
	}
}

func TestThePlaceOfAFindingHasItsLineIfItIsKnown(t *testing.T) {
	for want, f := range map[string]Finding{"a.sql:1": {Path: "a.sql", Line: 1}, "a.sql": {Path: "a.sql"}, "": {}} {
		if got := f.Place(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestWhatIsToBeRunNamesTheFileUnlessItIsTheModulesOwn(t *testing.T) {
	const exclude, edit = "exclude github.com/google/pprof v0.0.0-20261016150608-1facf8f91b50", "run go mod edit -exclude=github.com/google/pprof@v0.0.0-20261016150608-1facf8f91b50"
	edits := map[string]string{}
	for _, name := range []string{"go.mod", "tools/go.mod"} {
		edits[name] = strings.Replace(healthy[name], exclude, "", 1)
	}
	found, err := Run(t.Context(), Options{Config: newProject(t, edits)})
	if err != nil || len(found) != 2 || found[0].Next != edit || found[1].Next != edit+" tools/go.mod" {
		t.Errorf("found %+v, %v", found, err)
	}
}
