package childtest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// CopyFolder puts a copy of a folder that nobody has open in the place of another one, with the
// times and rights of its files: each child that is killed is given the same.
func CopyFolder(t testing.TB, to, from string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		into := filepath.Join(to, rel)
		if e.IsDir() {
			return os.MkdirAll(into, info.Mode())
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return errors.Join(os.WriteFile(into, content, info.Mode()), os.Chtimes(into, info.ModTime(), info.ModTime()))
	})
	if err != nil {
		t.Fatal(err)
	}
}
