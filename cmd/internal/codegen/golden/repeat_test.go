package golden

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen"
)

func TestOutputIsTheSameInEveryRunAndFolder(t *testing.T) {
	const runs = 20
	for _, name := range []string{"13_nullability", "54_json_case_styles"} {
		want := tree(t, filepath.Join(cases, name, "want", "gen"))
		for range runs {
			project := copyCase(t, name)
			generate(t, project)
			if diff := cmp.Diff(want, tree(t, filepath.Join(project, "gen"))); diff != "" {
				t.Fatalf("%s: output differs in %s (-want +got):\n%s", name, project, diff)
			}
		}
	}
}

func TestOutputIsTheSameFromAnotherWorkingFolder(t *testing.T) {
	const name = "13_nullability"
	want := tree(t, filepath.Join(cases, name, "want", "gen"))
	deep := filepath.Join(t.TempDir(), "a folder", "größer")
	if err := os.MkdirAll(filepath.Dir(deep), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(copyCase(t, name), deep); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(deep, "queries"))
	// The first run makes the files; the others meet them, and another cache.
	for range 3 {
		plan, err := codegen.NewPlan(t.Context(), codegen.Options{Config: filepath.Join("..", "sqlc.yaml"), Self: self(t)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plan.Commit(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, tree(t, filepath.Join(deep, "gen"))); diff != "" {
			t.Errorf("output differs (-want +got):\n%s", diff)
		}
		t.Setenv("XDG_CACHE_HOME", t.TempDir())
	}
}

func TestLineEndsAndByteOrderMarksChangeNothing(t *testing.T) {
	const name = "01_commands"
	project := copyCase(t, name)
	file := filepath.Join(project, "queries", "books.sql")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, project, "queries/books.sql", "\ufeff"+strings.ReplaceAll(string(text), "\n", "\r\n"))
	generate(t, project)
	if diff := cmp.Diff(tree(t, filepath.Join(cases, name, "want", "gen")), tree(t, filepath.Join(project, "gen"))); diff != "" {
		t.Errorf("output differs (-want +got):\n%s", diff)
	}
}

func TestBrokenGeneratedCodeIsRepaired(t *testing.T) {
	project := copyCase(t, "61_global")
	generate(t, project)
	want := tree(t, filepath.Join(project, "gen"))
	write(t, project, "gen/plans.sql.go", codegen.Header+"\n\nthis is no Go\n")
	generate(t, project)
	if diff := cmp.Diff(want, tree(t, filepath.Join(project, "gen"))); diff != "" {
		t.Errorf("not repaired (-want +got):\n%s", diff)
	}
}

func TestCancellingStopsGenerating(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := codegen.NewPlan(ctx, options(t, copyCase(t, "61_global")))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want context.Canceled", err)
	}
}
