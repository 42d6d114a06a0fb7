package grow

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen"
)

// noon is when all tests take place.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

const configuration = `version: "2"
sql:
  - engine: sqlite
    schema: schema
    queries: queries
    codegen:
      - plugin: silo
        out: gen/app
        options: {package: app, kind: tenant, migrations: example.com/app/schema.Migrations}
`

// newProject makes a project without any table, and opens it.
func newProject(t testing.TB, more map[string]string) *Project {
	t.Helper()
	root := t.TempDir()
	files := map[string]string{
		"go.mod":           "module example.com/app\n\ngo 1.26\n",
		"sqlc.yaml":        configuration,
		"schema/schema.go": "package schema\n\nimport \"embed\"\n\n//go:embed *.sql\nvar Migrations embed.FS\n",
	}
	maps.Copy(files, more)
	for name, text := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := Open(filepath.Join(root, "sqlc.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// generate makes Go of a project. No query here needs sqlc.
func (p *Project) generate(ctx context.Context) error {
	_, _, err := codegen.Generate(ctx, codegen.Options{Config: p.path(p.Name), Strict: true})
	return err
}

// add adds a table, and returns what was added.
func (p *Project) add(t testing.TB, table string, columns ...string) *Addition {
	t.Helper()
	a, err := p.Plan(t.Context(), Request{Table: table, Columns: columns, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Files) > 0 {
		if err := a.Write(t.Context(), p.generate); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// files returns all files of a project with what they say.
func (p *Project) files(t testing.TB) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(p.Root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(p.Root, path)
		all[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// names returns the names of a project's files below a folder.
func names(files map[string]string) []string { return slices.Sorted(maps.Keys(files)) }
