package golden

import (
	"go/build"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// hostile makes a project of files that are put in the place of the plain ones.
func hostile(t *testing.T, files map[string]string) string {
	t.Helper()
	project := plainProject(t)
	for name, text := range files {
		write(t, project, name, text)
	}
	return project
}

func TestAByteOrderMarkHidesNothing(t *testing.T) {
	project := hostile(t, map[string]string{
		"schema/00001_t.sql": "\ufeffCREATE TABLE t (id INTEGER PRIMARY KEY);\nCREATE TABLE u (id INTEGER PRIMARY KEY);\n",
	})
	generate(t, project)
	models, err := os.ReadFile(filepath.Join(project, "gen", "models.go"))
	if err != nil || !strings.Contains(string(models), "type T struct") {
		t.Errorf("the first table is not among the models: %v\n%s", err, models)
	}
	for _, files := range []map[string]string{
		{"schema/00001_t.sql": "\ufeff" + plainSchema + "-- +goose Down\nDROP TABLE t;\n"},
		{"schema/00001_t.sql": "\ufeff" + plainSchema},
		{"schema/00002_u.sql": "\ufeff" + strings.ReplaceAll(plainSchema, " t ", " u ")},
	} {
		project := hostile(t, files)
		want := ":1: it begins with a byte order mark, which goose takes for a part of the first line: save it as UTF-8 without one"
		if got := generating(t, project); !strings.HasSuffix(got, want) || !strings.HasPrefix(got, "schema/0000") {
			t.Errorf("the error is %q, want one that ends with %q", got, want)
		}
	}
}

func TestCommentsAreCommentsInGoToo(t *testing.T) {
	const queries = `-- +build first
--go:build never
-- +build
--line x.go:1
--export GetT
-- a` + "\ufeff\x00\xff" + `b
-- name: GetT :one
SELECT id,
+build
FROM t WHERE id = @id AND '` + "\ufeff" + `' <> '';

/*
+build second
go:build never
//go:build never
//line x.go:1
*/
-- name: GetU :one
SELECT id FROM t WHERE id = @id;
`
	project := hostile(t, map[string]string{
		"sqlc.yaml": strings.Replace(plainConfig, "{package", "{emit_interface: true, emit_sql_as_comment: true, package", 1),
		"schema/00001_t.sql": "-- +goose Up\nCREATE TABLE t (id INTEGER PRIMARY KEY, build INTEGER NOT NULL);\n" +
			"CREATE TABLE \"a\nb\ufeff\" (id INTEGER PRIMARY KEY);\n",
		"queries/t.sql": queries,
	})
	plan := generate(t, project)
	gen := filepath.Join(project, "gen")
	built, err := build.Default.ImportDir(gen, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(built.GoFiles) != len(plan.Files) {
		t.Errorf("of %d files Go builds %q, and leaves out %q", len(plan.Files), built.GoFiles, built.IgnoredGoFiles)
	}
	for name, text := range tree(t, gen) {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "//") && !strings.HasPrefix(line, "// ") && !strings.HasPrefix(line, "//\t") && line != "//\n" {
				t.Errorf("%s has the directive %q", name, line)
			}
		}
	}
}

func TestNamesThatGoRefusesAreTold(t *testing.T) {
	for _, test := range []struct{ file, want string }{
		{"queries/T.sql", "queries/t.sql: t.sql.go and T.sql.go, which is generated from queries/T.sql, are one file on some systems: rename one of the .sql files"},
		{"queries/+build x.sql", `queries: Go refuses a file called "+build x.sql.go", which would be generated from "+build x.sql": rename the .sql file`},
		{"queries/a\nb.sql", `queries: Go refuses a file called "a\nb.sql.go", which would be generated from "a\nb.sql": rename the .sql file`},
	} {
		project := hostile(t, map[string]string{test.file: "-- name: GetU :one\nSELECT id FROM t WHERE id = @id;\n"})
		if entries, err := os.ReadDir(filepath.Join(project, "queries")); err != nil || len(entries) < 2 {
			t.Skipf("this file system takes names in small letters and capitals for one: %v", err)
		}
		if diff := cmp.Diff(test.want, generating(t, project)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.file, diff)
		}
	}
}

func TestFoldersThatDifferInCaseOnlyAreRefused(t *testing.T) {
	second := plainConfig[strings.Index(plainConfig, "  - engine"):]
	second = strings.NewReplacer("out: gen", "out: GEN", "package: gen", "package: other").Replace(second)
	project := hostile(t, map[string]string{"sqlc.yaml": plainConfig + second})
	want := "sqlc.yaml:14: out: GEN is the same folder as gen on systems where a name is one in capitals and small letters: give it another name"
	if got := strings.Split(generating(t, project), "\n"); !slices.Contains(got, want) {
		t.Errorf("the errors are %q, want %q", got, want)
	}
}

func TestATypeOfTheGeneratedPackageItselfIsRefused(t *testing.T) {
	project := hostile(t, map[string]string{
		"sqlc.yaml": strings.Replace(plainConfig, "{package", "{overrides: [{column: t.id, go_type: {import: example.com/app/gen, type: ID}}], package", 1),
	})
	want := "sqlc.yaml:9: go_type: ID is of the generated package example.com/app/gen itself, which cannot import itself: put the type in another package"
	if diff := cmp.Diff(want, generating(t, project)); diff != "" {
		t.Error(diff)
	}
}

func TestATypeThatLosesItsMethodIsToldThoughNothingElseChanged(t *testing.T) {
	const declared = "package own\n\ntype ID struct{ n int64 }\n"
	const value = "\nfunc (id ID) Value() (any, error) { return id.n, nil }\n"
	const scan = "\nfunc (id *ID) Scan(src any) error { return nil }\n"
	project := hostile(t, map[string]string{
		"sqlc.yaml": strings.Replace(plainConfig, "{package", "{overrides: [{column: t.id, go_type: example.com/app/own.ID}], package", 1),
	})
	for _, step := range []struct{ text, want string }{
		{declared + value + scan, ""},
		{declared + value, "sqlc.yaml:9: go_type: ID is a struct (own/id.go:3), as which query GetT cannot read t.id: give it a Scan method (see database/sql.Scanner), or UnmarshalText, or choose another type"},
		{declared + scan, "sqlc.yaml:9: go_type: ID is a struct (own/id.go:3), as which query GetT cannot write t.id: give it a Value method (see database/sql/driver.Valuer), or MarshalText, or choose another type"},
		{declared + "it does not parse", ""},
	} {
		write(t, project, "own/id.go", step.text)
		if diff := cmp.Diff(step.want, generating(t, project)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.text, diff)
		}
	}
}
