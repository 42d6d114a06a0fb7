package codegen

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// project is a folder with the given files.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// files returns the texts of the files below a folder.
func files(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(root, name))
		found[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func generatedText(name string) string { return Header + "\n\npackage gen // " + name + "\n" }

func planOf(root string, texts map[string]string) *Plan {
	p := &Plan{root: root, outs: []string{"gen"}}
	for _, name := range []string{"gen/a.go", "gen/b.go"} {
		if text, ok := texts[name]; ok {
			p.Files = append(p.Files, File{Path: name, Contents: []byte(text)})
		}
	}
	return p
}

func TestCommitWritesReplacesAndRemovesOnlyWhatWasGenerated(t *testing.T) {
	root := project(t, map[string]string{
		"gen/b.go":        generatedText("old"),
		"gen/gone.sql.go": generatedText("gone"),
		"gen/mine.go":     "package gen\n",
		"gen/notes.txt":   Header + "\n",
		"gen/sub/kept.go": generatedText("sub"),
		"other/kept.go":   generatedText("other"),
	})
	plan := planOf(root, map[string]string{"gen/a.go": generatedText("a"), "gen/b.go": generatedText("b")})
	changes, err := plan.Commit()
	if err != nil {
		t.Fatal(err)
	}
	want := []Change{{"gen/a.go", Missing}, {"gen/b.go", Stale}, {"gen/gone.sql.go", Surplus}}
	if diff := cmp.Diff(want, changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	wantFiles := map[string]string{
		"gen/a.go":        generatedText("a"),
		"gen/b.go":        generatedText("b"),
		"gen/mine.go":     "package gen\n",
		"gen/notes.txt":   Header + "\n",
		"gen/sub/kept.go": generatedText("sub"),
		"other/kept.go":   generatedText("other"),
	}
	if diff := cmp.Diff(wantFiles, files(t, root)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}

	changes, err = plan.Commit()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Change{{"gen/a.go", Fresh}, {"gen/b.go", Fresh}}, changes); diff != "" {
		t.Errorf("second commit (-want +got):\n%s", diff)
	}
}

func TestCommitLeavesFreshFilesUntouched(t *testing.T) {
	root := project(t, map[string]string{"gen/a.go": generatedText("a")})
	before, err := os.Stat(filepath.Join(root, "gen/a.go"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := planOf(root, map[string]string{"gen/a.go": generatedText("a")}).Commit(); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(filepath.Join(root, "gen/a.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) {
		t.Error("a fresh file was replaced, which makes every build that depends on it run again")
	}
}

func TestHandWrittenFilesAreNeverReplaced(t *testing.T) {
	written := map[string]string{
		"gen/a.go": "package gen // by hand\n",
		"gen/b.go": "// A comment first.\n" + generatedText("b"),
	}
	root := project(t, written)
	plan := planOf(root, map[string]string{"gen/a.go": generatedText("a"), "gen/b.go": generatedText("b")})
	commit := func() ([]Change, error) { return plan.Commit() }
	for _, apply := range []func() ([]Change, error){plan.Compare, commit} {
		_, err := apply()
		if diff := cmp.Diff([]string{"gen/a.go", "gen/b.go"}, problemFiles(t, err)); diff != "" {
			t.Errorf("paths (-want +got):\n%s", diff)
		}
		if !strings.Contains(err.Error(), "gen/a.go: ") || !strings.Contains(err.Error(), "move it elsewhere") {
			t.Errorf("the error says %v", err)
		}
	}
	if diff := cmp.Diff(written, files(t, root)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestCompareWritesNothing(t *testing.T) {
	root := project(t, map[string]string{"gen/b.go": generatedText("old")})
	changes, err := planOf(root, map[string]string{"gen/a.go": generatedText("a"), "gen/b.go": generatedText("b")}).Compare()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Change{{"gen/a.go", Missing}, {"gen/b.go", Stale}}, changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"gen/b.go": generatedText("old")}, files(t, root)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestAFolderWithAPackageOfAnotherNameIsRefused(t *testing.T) {
	written := map[string]string{"gen/schema.go": "package schema // by hand\n"}
	root := project(t, written)
	plan := planOf(root, map[string]string{"gen/a.go": generatedText("tenant")})
	if _, err := plan.Commit(); err == nil || !strings.Contains(err.Error(), "gen/schema.go: it is of package schema") {
		t.Errorf("the error is %v", err)
	}
	if diff := cmp.Diff(written, files(t, root)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestWhatSQLCGeneratedAndWhatIsInTheWayIsNamedAtOnce(t *testing.T) {
	sqlc := "// Code generated by sqlc. DO NOT EDIT.\npackage gen\n"
	root := project(t, map[string]string{
		"gen/a.go": sqlc, "gen/b.go": "package gen // by hand\n", "gen/db.go": sqlc, "gen/mine.go": "package gen\n", "gen/other.go": "package other\n",
	})
	_, err := planOf(root, map[string]string{"gen/a.go": generatedText("a"), "gen/b.go": generatedText("b")}).Commit()
	want := []string{"gen/a.go", "gen/b.go", "gen/db.go", "gen/other.go"}
	if diff := cmp.Diff(want, problemFiles(t, err)); diff != "" {
		t.Errorf("the files with problems (-want +got):\n%s", diff)
	}
}

// problemFiles returns the files that an error says something of.
func problemFiles(t *testing.T, err error) []string {
	t.Helper()
	var found *problem.Found
	if !errors.As(err, &found) {
		t.Fatalf("the error is %v, want problems", err)
	}
	var names []string
	for _, p := range found.Problems {
		names = append(names, p.File)
	}
	return names
}
