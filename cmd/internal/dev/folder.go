package dev

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// folderPrefix begins the names of the folders for binaries, in the system's temporary folder.
const folderPrefix = "silo-dev-"

// unlocked is how long a folder that nobody has locked is left alone: it may have been made just now.
const unlocked = time.Minute

// newFolder makes a folder for binaries, and removes those of loops that were killed. It is locked until release
// is called, which removes it.
func newFolder() (folder string, release func() error, err error) {
	sweep(os.TempDir())
	if folder, err = os.MkdirTemp("", folderPrefix); err != nil {
		return "", nil, err
	}
	lock := lockOf(folder)
	if _, err := lock.TryLock(); err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(folder))
	}
	return folder, func() error { return errors.Join(lock.Close(), os.RemoveAll(folder)) }, nil
}

func lockOf(folder string) *flock.Flock { return flock.New(filepath.Join(folder, "lock")) }

// sweep removes the folders that loops have left which were killed. Those of others, who may not be
// read, stay.
func sweep(temporary string) {
	folders, _ := filepath.Glob(filepath.Join(temporary, folderPrefix+"*")) // fails only for a pattern that is none
	for _, folder := range folders {
		if info, err := os.Lstat(folder); err != nil || !info.IsDir() || time.Since(info.ModTime()) < unlocked {
			continue
		}
		lock := lockOf(folder)
		if free, err := lock.TryLock(); err != nil || !free {
			continue
		}
		_ = errors.Join(lock.Close(), os.RemoveAll(folder)) // or the next one does
	}
}
