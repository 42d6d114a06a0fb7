package golden

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// reference is the document whose examples these tests run.
const reference = "../../../../docs/sql.md"

// example is what the document shows of one thing.
type example struct {
	line    int    // of the SQL in the document
	options string // YAML under options:
	schema  string
	queries string
	code    []string // texts that have to be in the generated code
	message string   // what has to be said instead
}

var (
	fence     = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")
	firstName = regexp.MustCompile(`(?m)^-- name:`)
)

// examples returns those of the document. Its first block of SQL is the schema of all.
func examples(t *testing.T) []example {
	t.Helper()
	data, err := os.ReadFile(reference)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	var all []example
	common, options := "", ""
	for _, at := range fence.FindAllStringSubmatchIndex(text, -1) {
		language, body := text[at[2]:at[3]], text[at[4]:at[5]]
		switch language {
		case "yaml":
			options = body
		case "sql":
			if common == "" {
				common = body
				continue
			}
			split := firstName.FindStringIndex(body)
			if split == nil {
				t.Fatalf("%s: an example without a query:\n%s", reference, body)
			}
			all = append(all, example{
				line:    1 + strings.Count(text[:at[4]], "\n"),
				options: options,
				schema:  "-- +goose Up\n" + common + body[:split[0]],
				queries: body[split[0]:],
			})
			options = ""
		case "go":
			last := &all[len(all)-1]
			last.code = append(last.code, strings.Split(strings.TrimSpace(body), "\n\n")...)
		case "text":
			all[len(all)-1].message = body
		default:
			t.Fatalf("%s: a block of %s", reference, language)
		}
	}
	if len(all) == 0 {
		t.Fatalf("there is no example in %s", reference)
	}
	return all
}

// project writes the files of an example.
func (e *example) project(t *testing.T) string {
	t.Helper()
	project := t.TempDir()
	config := strings.Replace(plainConfig, "options: {package: gen, kind: tenant, migrations: example.com/app/schema.Migrations}",
		"options:\n          package: gen\n          kind: tenant\n          migrations: "+migrationsOfExamples+".Migrations", 1)
	for line := range strings.Lines(e.options) {
		config += "          " + line
	}
	write(t, project, "sqlc.yaml", config)
	write(t, project, "schema/00001_example.sql", e.schema)
	write(t, project, "queries/example.sql", e.queries)
	return project
}

// migrationsOfExamples is a package with an embed.FS, so that the examples compile.
const migrationsOfExamples = "github.com/silokit/silo/cmd/internal/codegen/testdata/01_commands/schema"

func TestEveryExampleOfTheReferenceIsAsShown(t *testing.T) {
	overlay, kept := map[string]string{}, t.TempDir()
	var packages []string
	for n, e := range examples(t) {
		t.Run(fmt.Sprintf("line %d", e.line), func(t *testing.T) {
			project := e.project(t)
			plan, err := codegen.NewPlan(t.Context(), options(t, project))
			var found *problem.Found
			switch {
			case e.message != "":
				if !errors.As(err, &found) {
					t.Fatalf("the error is %v, want that of the document", err)
				}
				if diff := cmp.Diff(e.message, found.Error()+"\n"); diff != "" {
					t.Errorf("the message differs (-want +got):\n%s", diff)
				}
				return
			case err != nil:
				t.Fatal(err)
			case len(plan.Warnings) > 0:
				t.Errorf("there are warnings: %v", plan.Warnings)
			case len(e.code) == 0:
				t.Error("the document shows neither code nor a message")
			}
			e.compare(t, plan)
			name := fmt.Sprintf("example%d", n)
			overlaid(t, overlay, filepath.Join(kept, name), filepath.Join(cases, name), plan)
			packages = append(packages, filepath.Join(cases, name))
		})
	}
	compiles(t, overlay, packages)
}

// compare looks for the code that the document shows in what is generated.
func (e *example) compare(t *testing.T, plan *codegen.Plan) {
	t.Helper()
	var all strings.Builder
	for _, file := range plan.Files {
		if !strings.HasSuffix(file.Path, "/silo.go") { // which is the same for all
			all.Write(file.Contents)
		}
	}
	for _, code := range e.code {
		if !strings.Contains(all.String(), code) {
			t.Errorf("the generated code does not have\n%s\nIt is\n%s", code, all.String())
		}
	}
}

// overlaid keeps generated files in a folder, and notes that go is to see them in
// another, which nobody else does.
func overlaid(t *testing.T, overlay map[string]string, kept, place string, plan *codegen.Plan) {
	t.Helper()
	for _, file := range plan.Files {
		name := filepath.Base(file.Path)
		write(t, kept, name, string(file.Contents))
		seen, err := filepath.Abs(filepath.Join(place, name))
		if err != nil {
			t.Fatal(err)
		}
		overlay[seen] = filepath.Join(kept, name)
	}
}

// compiles builds the packages of an overlay.
func compiles(t *testing.T, overlay map[string]string, packages []string) {
	t.Helper()
	data, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", append([]string{"build", "-overlay", file}, packages...)...)
	build.Env = goEnvironment()
	if output, err := build.CombinedOutput(); err != nil {
		t.Errorf("the examples do not compile: %v\n%s", err, output)
	}
}
