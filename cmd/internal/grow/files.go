package grow

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// besidePrefix begins the names under which files are written before they get their own. Neither goose nor
// sqlc nor Go reads files with such names.
const besidePrefix = ".silo-new-"

// disk makes the steps by which files appear. The zero value makes all of them.
type disk struct {
	// before is called before each step. Only tests set it: to fail a step, or to end the process.
	before func(step string) error
}

func (d disk) step(step string, take func() error) error {
	if d.before != nil {
		if err := d.before(step); err != nil {
			return err
		}
	}
	return take()
}

// create makes a file, which must not exist, as a whole: it is written and synced under another
// name first. The error is [fs.ErrExist] if there is one.
func (d disk) create(name, text string) (err error) {
	dir := filepath.Dir(name)
	if err := d.step("mkdir", func() error { return os.MkdirAll(dir, 0o755) }); err != nil { //nolint:gosec // a source folder is for everybody
		return err
	}
	if err := sweep(dir); err != nil {
		return err
	}
	var beside string
	err = d.step("write", func() (err error) { beside, err = writeBeside(dir, text); return err })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(beside)) }()
	return d.step("name", func() error { return giveName(beside, name) })
}

// writeBeside writes a text to a new file with a name that nobody reads.
func writeBeside(dir, text string) (name string, err error) {
	f, err := os.CreateTemp(dir, besidePrefix)
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// giveName gives a file a second name that must be free.
func giveName(beside, name string) error {
	err := os.Link(beside, name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// Some file systems have no links. There the name is looked at first.
	if _, missing := os.Lstat(name); !errors.Is(missing, fs.ErrNotExist) {
		return errors.Join(fs.ErrExist, missing)
	}
	data, err := os.ReadFile(beside)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // a source file is for everybody
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// sweep removes what runs that were killed left in a folder.
func sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), besidePrefix) {
			errs = append(errs, os.Remove(filepath.Join(dir, entry.Name())))
		}
	}
	return errors.Join(errs...)
}

// removeIfSame removes a file that this run has written, unless somebody has edited it since.
func removeIfSame(name, text string) error {
	data, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case string(data) != text:
		return fmt.Errorf("%s was edited meanwhile and stays", name)
	}
	return os.Remove(name)
}
