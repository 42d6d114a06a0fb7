package codegen

import (
	"errors"
	"os"
	"path/filepath"
)

// disk makes the steps by which files of the project change. The zero value makes all
// of them.
type disk struct {
	// fault fails the steps for which it returns an error. Only tests set it.
	fault func(step, name string) error
}

// step takes one step, unless it is to fail.
func (d disk) step(step, name string, take func() error) error {
	if d.fault != nil {
		if err := d.fault(step, name); err != nil {
			return err
		}
	}
	return take()
}

// mkdir makes a folder.
func (d disk) mkdir(name string, mode os.FileMode) error {
	return d.step("mkdir", name, func() error { return os.Mkdir(name, mode) })
}

// mkdirAll makes a folder and those above it that are missing.
func (d disk) mkdirAll(name string) error {
	return d.step("mkdir", name, func() error { return os.MkdirAll(name, 0o755) })
}

// mkdirTemp makes a folder beside others, and returns its name.
func (d disk) mkdirTemp(dir string) (name string, err error) {
	err = d.step("mkdir", dir, func() (err error) { name, err = os.MkdirTemp(dir, besidePrefix); return err })
	return name, err
}

// link gives a file a second name.
func (d disk) link(old, name string) error {
	return d.step("link", name, func() error { return os.Link(old, name) })
}

// write makes a file.
func (d disk) write(name string, contents []byte) error {
	return d.step("write", name, func() error { return os.WriteFile(name, contents, 0o644) })
}

// rename gives a file or folder another name, in one step.
func (d disk) rename(old, name string) error {
	return d.step("rename", name, func() error { return os.Rename(old, name) })
}

// exchange gives two folders each other's names, in one step.
func (d disk) exchange(a, b string) error {
	return d.step("exchange", b, func() error { return exchangeFolders(a, b) })
}

// remove removes a file.
func (d disk) remove(name string) error {
	return d.step("remove", name, func() error { return os.Remove(name) })
}

// removeAll removes a folder with all that is in it.
func (d disk) removeAll(name string) error {
	return d.step("remove", name, func() error { return os.RemoveAll(name) })
}

// writeBeside writes contents under a temporary name in the folder of a file, and
// returns that name.
func (d disk) writeBeside(name string, contents []byte) (beside string, err error) {
	dir := filepath.Dir(name)
	if err := d.mkdirAll(dir); err != nil {
		return "", err
	}
	err = d.step("write", name, func() error {
		f, err := os.CreateTemp(dir, besidePrefix)
		if err != nil {
			return err
		}
		_, writeErr := f.Write(contents)
		if err := errors.Join(writeErr, f.Chmod(0o644), f.Close()); err != nil {
			return errors.Join(err, os.Remove(f.Name()))
		}
		beside = f.Name()
		return nil
	})
	return beside, err
}
