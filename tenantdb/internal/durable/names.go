package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// NamedIn reports whether a file, known by os.Lstat, has a name among the files in root, or among those
// in one of its folders and below: a second one, under which it would not be known for what it is. It opens no file.
func NamedIn(info fs.FileInfo, root string, folders ...string) (found bool, err error) {
	if names(info) < 2 {
		return false, nil // as nearly all files
	}
	look := func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			var other fs.FileInfo
			if other, err = e.Info(); err == nil && os.SameFile(info, other) {
				found = true
				return fs.SkipAll
			}
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		}
		return err
	}
	entries, err := os.ReadDir(root)
	for _, e := range entries {
		if !found && err == nil {
			err = look("", e, nil)
		}
	}
	if errors.Is(err, fs.SkipAll) {
		return found, nil
	}
	for _, folder := range folders {
		if !found && err == nil {
			err = filepath.WalkDir(filepath.Join(root, folder), look)
		}
	}
	return found, err
}
