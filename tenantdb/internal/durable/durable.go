// Package durable makes steps on files that a crash cannot leave half done: a
// file appears under its name whole and on the disk, or not at all.
//
// It knows files and folders, not what is in them. Nothing in it may be used on a
// database file that SQLite has open: closing any descriptor of such a file drops
// the locks that the process holds on it
// (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrUnsure is joined to the error of a Publish that failed after the file had its
// name: it is there, but not surely on the disk.
var ErrUnsure = errors.New("the file is there, but perhaps not after loss of power")

// Files takes the steps. The zero Files is what programs use.
type Files struct {
	// Step, if not nil, is called before each call of the system that changes something,
	// with what that is: tests end the process there.
	Step func(what string)
}

// Before calls Step, for a change that is not made here.
func (f Files) Before(what, path string) { f.step(what, path) }

func (f Files) step(what, path string) {
	if f.Step != nil {
		f.Step(what + " " + path)
	}
}

// Publish gives the finished file at temp the name path, once its bytes are on
// the disk. It never replaces a file: if path exists the error is fs.ErrExist and
// temp is still there. Afterwards temp is gone.
func Publish(temp, path string) error {
	if err := Sync(temp); err != nil {
		return err
	}
	return Name(temp, path)
}

// Name is the second half of Publish: it gives the name path to the file at temp, which
// is on the disk already ([Sync]).
func Name(temp, path string) error { return Files{}.Name(temp, path) }

// Name is [Name].
func (f Files) Name(temp, path string) error {
	// A link fails if the name is taken, in one step and for every process; a
	// rename would replace the file.
	f.step("link", path)
	if err := os.Link(temp, path); err != nil {
		return err
	}
	f.step("remove", temp)
	err := os.Remove(temp)
	f.step("sync the folder of", path)
	if err := errors.Join(err, SyncDir(filepath.Dir(path))); err != nil {
		return errors.Join(ErrUnsure, err)
	}
	return nil
}

// Move gives the file at from, which is on the disk, the name to in one step. A file of
// that name is replaced: it has the name until then, and the other from then on. Where an
// error is [ErrUnsure] it was moved, but perhaps not for after loss of power.
func (f Files) Move(from, to string) error {
	f.step("rename", from)
	if err := os.Rename(from, to); err != nil {
		return err
	}
	f.step("sync the folder of", to)
	err := SyncDir(filepath.Dir(to))
	if filepath.Dir(from) != filepath.Dir(to) {
		f.step("sync the folder of", from)
		err = errors.Join(err, SyncDir(filepath.Dir(from)))
	}
	if err != nil {
		return errors.Join(ErrUnsure, err)
	}
	return nil
}

// Link gives the file at path, which is on the disk, the name also besides its own. It never replaces a
// file: if also exists the error is fs.ErrExist.
func (f Files) Link(path, also string) error {
	f.step("link", also)
	if err := os.Link(path, also); err != nil {
		return err
	}
	f.step("sync the folder of", also)
	return SyncDir(filepath.Dir(also))
}

// WriteNew writes a new file whole. It never replaces a file: if path exists the
// error is fs.ErrExist.
func WriteNew(path string, content []byte) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if removeErr := os.Remove(temp.Name()); err == nil && !errors.Is(removeErr, fs.ErrNotExist) {
			err = removeErr
		}
	}()
	_, writeErr := temp.Write(content)
	if err := errors.Join(writeErr, temp.Close()); err != nil {
		return err
	}
	return Publish(temp.Name(), path)
}

// Remove removes the named files, those that exist, and sees to it that the
// removal is on the disk.
func Remove(paths ...string) error { return Files{}.Remove(paths...) }

// Remove is [Remove].
func (f Files) Remove(paths ...string) error {
	var errs []error
	folders := map[string]bool{}
	for _, path := range paths {
		f.step("remove", path)
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
		folders[filepath.Dir(path)] = true
	}
	for folder := range folders {
		f.step("sync the folder", folder)
		if err := SyncDir(folder); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Sync sees to it that the bytes of the file are on the disk.
func Sync(path string) error { return Files{}.Sync(path) }

// Sync is [Sync].
func (f Files) Sync(path string) error {
	f.step("sync", path)
	return syncFile(path)
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// MakeDir creates the folder and those above it that do not exist, with access for
// their owner alone, and sees to it that they are on the disk.
func MakeDir(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(path)
	if parent != path {
		if err := MakeDir(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		if info, statErr := os.Stat(path); statErr != nil || !info.IsDir() {
			return err
		}
	}
	return SyncDir(parent)
}
