package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// disk makes the steps by which files come to be. The zero value makes all of them.
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

// mkdirAll makes a folder and those above it that are missing. It returns those that it has
// made, the uppermost first, also when it fails.
func (d disk) mkdirAll(dir string) (made []string, err error) {
	var missing []string
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
		missing = append(missing, dir)
	}
	for _, dir := range slices.Backward(missing) {
		if err := d.step("mkdir", dir, func() error { return os.Mkdir(dir, 0o755) }); err != nil {
			return made, err
		}
		made = append(made, dir)
		if err := d.syncDir(filepath.Dir(dir)); err != nil {
			return made, err
		}
	}
	return made, nil
}

// removeDirs removes folders that are empty, the last first. One that is not empty any more has
// somebody else's files in it.
func (d disk) removeDirs(dirs []string) error {
	for _, dir := range slices.Backward(dirs) {
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
			return err
		}
		if err := os.Remove(dir); err != nil {
			return err
		}
	}
	return nil
}

// mkdirIn makes a folder in a root, given with slashes, and those above it that are missing. It
// returns those that it has made, the uppermost first, also when it fails.
func (d disk) mkdirIn(root *os.Root, dir string) (made []string, err error) {
	if dir == "." {
		return nil, nil
	}
	name := ""
	for element := range strings.SplitSeq(dir, "/") {
		name = filepath.Join(name, element)
		err := d.step("mkdir", name, func() error { return root.Mkdir(name, 0o755) })
		switch {
		case err == nil:
			made = append(made, name)
		case !errors.Is(err, fs.ErrExist):
			return made, err
		}
	}
	return made, nil
}

// mkdirStaging makes a folder to write into, which removeStale leaves alone until unlock is called.
func (d disk) mkdirStaging(below string) (dir string, unlock func() error, err error) {
	dir = filepath.Join(below, fmt.Sprintf("%s%x", stagingPrefix, rand.Uint64()))
	if err := d.step("mkdir", dir, func() error { return os.Mkdir(dir, 0o755) }); err != nil {
		return "", nil, err
	}
	unlock, ok := lockDir(dir)
	if !ok { // another run has found it before it was locked
		return "", nil, errors.Join(errors.New("another silo new is at work here; run it again"), os.RemoveAll(dir))
	}
	return dir, unlock, nil
}

// removeStale removes what processes have left that do not live any more.
func (d disk) removeStale(below string) error {
	entries, err := os.ReadDir(below)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !isStaging(entry) {
			continue
		}
		stale := filepath.Join(below, entry.Name())
		unlock, ok := lockDir(stale)
		if !ok {
			continue
		}
		if err := errors.Join(d.step("remove", stale, func() error { return os.RemoveAll(stale) }), unlock()); err != nil {
			return err
		}
	}
	return nil
}

// write makes a file below a folder, and sees to it that it is on the disk.
func (d disk) write(dir string, file File) error {
	name := filepath.Join(dir, filepath.FromSlash(file.Path))
	err := d.step("mkdir", name, func() error { return os.MkdirAll(filepath.Dir(name), 0o755) })
	if err != nil {
		return err
	}
	var f *os.File
	err = d.step("create", name, func() (err error) {
		f, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		return err
	})
	if err != nil {
		return err
	}
	err = d.step("write", name, func() error { _, err := f.Write(file.Contents); return err })
	if err == nil {
		err = d.step("sync", name, f.Sync)
	}
	return errors.Join(err, f.Close())
}

// link gives a file in a root a second name. It never replaces a file.
func (d disk) link(root *os.Root, from, to string) error {
	return d.step("link", to, func() error { return root.Link(from, to) })
}

// rename gives a folder its name.
func (d disk) rename(from, to string) error {
	return d.step("rename", to, func() error { return os.Rename(from, to) })
}

// syncDir sees to it that the names in a folder are on the disk.
func (d disk) syncDir(dir string) error {
	return d.step("sync", dir, func() error { return syncFolder(dir) })
}
