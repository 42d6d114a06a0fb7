package dev

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestTheFoldersOfLoopsThatWereKilledAreRemoved(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("TMP", os.Getenv("TMPDIR"))
	used, release, err := newFolder()
	if err != nil {
		t.Fatal(err)
	}
	left, fresh := filepath.Join(os.TempDir(), folderPrefix+"left"), filepath.Join(os.TempDir(), folderPrefix+"fresh")
	for _, folder := range []string{left, fresh} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(left, "app"), nil, 0o700); err != nil {
		t.Fatal(err)
	}
	before := time.Now().Add(-2 * unlocked)
	for _, folder := range []string{used, left} {
		if err := os.Chtimes(folder, before, before); err != nil {
			t.Fatal(err)
		}
	}
	_, releaseOther, err := newFolder()
	if err != nil {
		t.Fatal(err)
	}
	for folder, want := range map[string]bool{used: true, fresh: true, left: false} {
		if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) == want {
			t.Errorf("%s is there: %v", folder, !want)
		}
	}
	if err := errors.Join(release(), releaseOther()); err != nil {
		t.Fatal(err)
	}
	if found, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(found) != 1 {
		t.Errorf("%q are left", found)
	}
}
