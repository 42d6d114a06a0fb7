package scaffold

import (
	"path/filepath"
	"testing"
)

func TestTheWorkspaceIsTheNearestAboveUnlessItIsOff(t *testing.T) {
	root := t.TempDir()
	put(t, root, map[string]string{"go.work": "go 1.26\n", "a/b/c/mine.txt": "", "a/go.work/mine.txt": "", "a/b/go.work": "go 1.26\n"})
	t.Setenv("GOWORK", "")
	for dir, want := range map[string]string{"a/b/c": "a/b/go.work", "a/b": "a/b/go.work", "a": "go.work", "": "go.work", "a/new": "go.work"} {
		if got := Workspace(filepath.Join(root, filepath.FromSlash(dir))); got != filepath.Join(root, filepath.FromSlash(want)) {
			t.Errorf("above %q it is %s", dir, got)
		}
	}
	t.Setenv("GOWORK", "off")
	if got := Workspace(root); got != "" {
		t.Errorf("it is %s, though it is off", got)
	}
}
