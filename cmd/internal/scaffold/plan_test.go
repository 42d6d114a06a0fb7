package scaffold

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// few are files like those of a service.
var few = []File{
	{"go.mod", []byte("module example.com/few\n")},
	{"cmd/few/main.go", []byte("package main\n")},
	{"cmd/few/serve.go", []byte("package main\n")},
	{"schema/tenant/1.sql", []byte("-- +goose Up\n")},
}

// want returns what there is to be of few, with the folders.
func want(also map[string]string) map[string]string {
	all := map[string]string{"cmd": "folder", "cmd/few": "folder", "schema": "folder", "schema/tenant": "folder"}
	for _, file := range few {
		all[file.Path] = string(file.Contents)
	}
	maps.Copy(all, also)
	return all
}

func requireContents(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	if got := contents(t, dir); !maps.Equal(got, want) {
		t.Errorf("there is %v\nwant %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFolderIsMadeWithThoseAboveIt(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "a", "b", "few")
	plan, err := NewPlan(dir, few, Refuse)
	if err != nil {
		t.Fatal(err)
	}
	if len(contents(t, parent)) > 0 {
		t.Error("a plan has written something")
	}
	if err := plan.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	requireContents(t, dir, want(nil))
	requireContents(t, filepath.Dir(dir), prefixed("few", want(nil)))
}

// prefixed returns files as they are in a folder.
func prefixed(folder string, files map[string]string) map[string]string {
	all := map[string]string{folder: "folder"}
	for name, text := range files {
		all[folder+"/"+name] = text
	}
	return all
}

func TestAFolderThatIsThereIsTakenIfItIsEmptyOrToBeCompleted(t *testing.T) {
	mine := map[string]string{"mine.txt": "mine", "cmd/few/mine.go": "package main\n"}
	for _, test := range []struct {
		name     string
		there    map[string]string
		existing Existing
		err      string // empty if it is taken
	}{
		{"empty", nil, Refuse, ""},
		{"with one file", map[string]string{"mine.txt": "mine"}, Refuse, "not empty"},
		{"with some files", mine, Refuse, "not empty"},
		{"with some files, to be completed", mine, Complete, ""},
		{"with some of the files", map[string]string{"go.mod": "module example.com/few\n", "mine.txt": "mine"}, Complete, ""},
		{"with all of the files", map[string]string{"go.mod": "module example.com/few\n", "cmd/few/main.go": "package main\n", "cmd/few/serve.go": "package main\n", "schema/tenant/1.sql": "-- +goose Up\n"}, Complete, ""},
		{"with a changed file", map[string]string{"go.mod": "module example.com/changed\n", "cmd/few/main.go": "package main\n"}, Complete, "another than would be written: go.mod;"},
		{"with a folder in the way", map[string]string{"go.mod/mine": "mine"}, Complete, "another than would be written: go.mod;"},
		{"with a file in a folder's way", map[string]string{"schema": "mine"}, Complete, "another than would be written: schema/tenant/1.sql;"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, test.there)
			before := contents(t, dir)
			plan, err := NewPlan(dir, few, test.existing)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("%v, want an error with %q", err, test.err)
				}
				requireContents(t, dir, before)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := plan.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			requireContents(t, dir, want(before))
		})
	}
}

func TestWhatAKilledRunHasLeftInAnEmptyFolderIsNotInTheWay(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]string{stagingPrefix + "1/go.mod": "half"})
	plan, err := NewPlan(dir, few, Refuse)
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	requireContents(t, dir, want(nil))
}

func TestLinksLeadNowhereOutside(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "schema")); err != nil {
		t.Skipf("links cannot be made here: %v", err)
	}
	_, err := NewPlan(dir, few, Complete)
	var conflict *ConflictError
	if !errors.As(err, &conflict) || !slices.Equal(conflict.Paths, []string{"schema/tenant/1.sql"}) {
		t.Errorf("%v, want that the link is in the way", err)
	}
	requireContents(t, outside, map[string]string{})
}

func TestWhatComesInTheWayMeanwhileIsNotReplaced(t *testing.T) {
	for _, test := range []struct {
		name  string
		there map[string]string // when the plan is made; nil: not even the folder
	}{
		{"a new folder", nil},
		{"a folder that is there", map[string]string{"mine.txt": "mine"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "few")
			put(t, dir, test.there)
			plan, err := NewPlan(dir, few, Complete)
			if err != nil {
				t.Fatal(err)
			}
			put(t, dir, map[string]string{"schema/tenant/1.sql": "somebody else's"})
			before := contents(t, filepath.Dir(dir))
			if err := plan.Commit(t.Context()); err == nil {
				t.Error("it succeeds")
			}
			requireContents(t, filepath.Dir(dir), before)
		})
	}
}

func TestAnInterruptLeavesNothing(t *testing.T) {
	parent := t.TempDir()
	ctx, interrupt := context.WithCancel(t.Context())
	plan, err := NewPlan(filepath.Join(parent, "a", "few"), few, Refuse)
	if err != nil {
		t.Fatal(err)
	}
	plan.disk.fault = func(step, name string) error {
		if step == "create" && filepath.Base(name) == "serve.go" {
			interrupt()
		}
		return nil
	}
	if err := plan.Commit(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
	requireContents(t, parent, map[string]string{})
}
