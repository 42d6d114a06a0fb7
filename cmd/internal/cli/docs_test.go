package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What docs/project.md has people add to a project can be added as it stands there.
func TestTheTablesOfTheDocsAreAdded(t *testing.T) {
	text, err := os.ReadFile("../../../docs/project.md")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, name := range []string{"sqlc.yaml", "schema/schema.go"} {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(docsProject[name]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(root)
	added := 0
	for line := range strings.Lines(string(text)) {
		args, ok := strings.CutPrefix(line, "silo add table ")
		if !ok {
			continue
		}
		cmd := newRoot()
		var printed bytes.Buffer
		cmd.SetArgs(append([]string{"add", "table"}, strings.Fields(args)...))
		cmd.SetOut(&printed)
		cmd.SetErr(&printed)
		if code := exitCode(cmd.ExecuteContext(t.Context()), &printed); code != exitOK {
			t.Errorf("%s: exit code %d: %s", line, code, &printed)
		}
		added++
	}
	if added == 0 {
		t.Error("docs/project.md adds no table")
	}
}

// docsProject is a project without a table.
var docsProject = map[string]string{
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
}
