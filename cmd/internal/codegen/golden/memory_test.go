package golden

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// remembering is a project with the memory of one run over it. What is remembered has
// a mark in it, so that a test sees whether it was used.
type remembering struct {
	project, cache string
	options        codegen.Options
	want           map[string]string
}

const mark = "this was remembered"

func newRemembering(t *testing.T) *remembering {
	t.Helper()
	r := &remembering{project: copyCase(t, "62_plain_schema"), cache: t.TempDir()}
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, r.cache)
	}
	write(t, r.project, "program", "the first version") // which no query here makes run
	r.options = options(t, r.project)
	r.options.Self = filepath.Join(r.project, "program")
	r.run(t)
	r.want = tree(t, filepath.Join(r.project, "gen"))
	r.edit(t, func(memory []byte) []byte {
		marked := bytes.Replace(memory, []byte("this is no goose migration"), []byte(mark), 1)
		if bytes.Equal(marked, memory) {
			t.Fatalf("the warning is not in the memory: %s", memory)
		}
		return marked
	})
	return r
}

// edit changes the file that holds the memory.
func (r *remembering) edit(t *testing.T, change func([]byte) []byte) {
	t.Helper()
	found := 0
	err := filepath.WalkDir(r.cache, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".json" {
			return err
		}
		found++
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(name, change(data), 0o600)
	})
	if err != nil || found != 1 {
		t.Fatalf("%d files of memory, %v", found, err)
	}
}

// run generates and reports whether the memory was used.
func (r *remembering) run(t *testing.T) (recalled bool) {
	t.Helper()
	plan, err := codegen.NewPlan(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Commit(); err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(plan.Warnings, func(p problem.Problem) bool { return strings.Contains(p.Message, mark) })
}

func TestNothingIsDoneAgainWhenNothingChanged(t *testing.T) {
	r := newRemembering(t)
	for range 3 {
		if !r.run(t) {
			t.Error("the memory was not used")
		}
	}
	if diff := cmp.Diff(r.want, tree(t, filepath.Join(r.project, "gen"))); diff != "" {
		t.Errorf("the files changed (-want +got):\n%s", diff)
	}
}

func TestASurplusFileIsRemovedFromMemory(t *testing.T) {
	r := newRemembering(t)
	write(t, r.project, "gen/old.sql.go", codegen.Header+"\n\npackage gen\n")
	if !r.run(t) {
		t.Error("the memory was not used")
	}
	if diff := cmp.Diff(r.want, tree(t, filepath.Join(r.project, "gen"))); diff != "" {
		t.Errorf("the files differ (-want +got):\n%s", diff)
	}
}

func TestWhatChangedIsDoneAgain(t *testing.T) {
	tests := []struct {
		name   string
		change func(t *testing.T, r *remembering)
		same   bool // the generated files are
	}{
		{"a query", func(t *testing.T, r *remembering) {
			write(t, r.project, "queries/notes.sql", "-- name: GetBody :one\nSELECT body FROM notes WHERE id = @id;\n")
		}, false},
		{"a comment of the schema", func(t *testing.T, r *remembering) {
			appendTo(t, r.project, "schema/schema.sql", "-- more\n")
		}, true},
		{"a new file of queries", func(t *testing.T, r *remembering) {
			write(t, r.project, "queries/more.sql", "-- name: All :many\nSELECT id FROM notes;\n")
		}, false},
		{"the configuration", func(t *testing.T, r *remembering) {
			appendTo(t, r.project, "sqlc.yaml", "# more\n")
		}, true},
		{"an output", func(t *testing.T, r *remembering) {
			write(t, r.project, "gen/models.go", codegen.Header+"\n\npackage gen\n")
		}, true},
		{"a removed output", func(t *testing.T, r *remembering) {
			if err := os.Remove(filepath.Join(r.project, "gen", "models.go")); err != nil {
				t.Fatal(err)
			}
		}, true},
		{"the memory, which is cut short", func(t *testing.T, r *remembering) {
			r.edit(t, func(memory []byte) []byte { return memory[:len(memory)/2] })
		}, true},
		{"the memory, which is empty", func(t *testing.T, r *remembering) {
			r.edit(t, func([]byte) []byte { return nil })
		}, true},
		{"the memory, which is of another form", func(t *testing.T, r *remembering) {
			r.edit(t, func([]byte) []byte { return []byte(`{"Inputs": 5}`) })
		}, true},
		{"the program", func(t *testing.T, r *remembering) {
			write(t, r.project, "program", "the second version, which is longer")
		}, true},
		{"the program, of the same length", func(t *testing.T, r *remembering) {
			later := time.Now().Add(time.Hour)
			if err := os.Chtimes(r.options.Self, later, later); err != nil {
				t.Fatal(err)
			}
		}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRemembering(t)
			test.change(t, r)
			if r.run(t) {
				t.Error("the memory was used")
			}
			diff := cmp.Diff(r.want, tree(t, filepath.Join(r.project, "gen")))
			if test.same && diff != "" {
				t.Errorf("the files differ (-want +got):\n%s", diff)
			}
			if !test.same && diff == "" {
				t.Error("the files did not change")
			}
		})
	}
}

func TestErrorsAreNotRemembered(t *testing.T) {
	r := newRemembering(t)
	appendTo(t, r.project, "queries/notes.sql", "\n-- name: Bad :one\nSELECT nowhere FROM notes;\n")
	for range 2 {
		if _, err := codegen.NewPlan(t.Context(), r.options); err == nil {
			t.Error("the query is accepted")
		}
	}
}

func TestStrictHoldsForWhatIsRemembered(t *testing.T) {
	r := newRemembering(t)
	r.options.Strict = true
	if _, err := codegen.NewPlan(t.Context(), r.options); err == nil || !strings.Contains(err.Error(), mark) {
		t.Errorf("the error is %v, want the remembered warning", err)
	}
}

func TestAnUnusableCacheFolderCostsNothing(t *testing.T) {
	r := newRemembering(t)
	write(t, r.project, "file", "")
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, filepath.Join(r.project, "file"))
	}
	if r.run(t) {
		t.Error("there cannot be a memory")
	}
}

// appendTo writes at the end of a file of a project.
func appendTo(t *testing.T, project, name, text string) {
	t.Helper()
	before, err := os.ReadFile(filepath.Join(project, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	write(t, project, name, string(before)+text)
}

func TestAPackageThatMovedToAnotherConfigurationIsLeftToIt(t *testing.T) {
	project, cache := plainProject(t), t.TempDir()
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, cache)
	}
	second := strings.TrimPrefix(plainConfig, "version: \"2\"\nsql:\n")
	moving := strings.ReplaceAll(strings.ReplaceAll(second, "out: gen", "out: moved"), "package: gen", "package: moved")
	write(t, project, "sqlc.yaml", plainConfig+moving)
	if got := generating(t, project); got != "" {
		t.Fatal(got)
	}
	write(t, project, "sqlc.yaml", plainConfig)
	write(t, project, "other.yaml", "version: \"2\"\nsql:\n"+moving)
	other := options(t, project)
	other.Config = filepath.Join(project, "other.yaml")
	if _, _, err := codegen.Generate(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if got := generating(t, project); got != "" {
		t.Fatal(got)
	}
	if listing(t, project)["moved/t.sql.go"] == "" {
		t.Error("the run of one configuration removed what the other one generated")
	}
	// Nobody's any more, it is removed by whose it was last.
	if err := os.Remove(filepath.Join(project, "sqlc.yaml")); err != nil {
		t.Fatal(err)
	}
	write(t, project, "other.yaml", plainConfig)
	if _, _, err := codegen.Generate(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if listing(t, project)["moved/t.sql.go"] != "" {
		t.Error("what no configuration generates is still there")
	}
}
