package codegen

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// besidePrefix begins the names of what is made beside its place. Go takes no notice
// of names that begin with a dot.
const besidePrefix = ".silo-generate-"

// errNoExchange says that a folder is not to be exchanged for another, or that the
// system cannot do so in one step.
var errNoExchange = errors.New("two folders cannot be exchanged here")

// replacement changes the files below one folder.
type replacement struct {
	plan   *Plan
	folder string            // relative to the folder of sqlc.yaml, as are all paths here
	write  map[string][]byte // the contents of files that are new or change
	remove []string
}

// run makes the changes.
func (r *replacement) run() error {
	parent := filepath.Dir(r.plan.path(r.folder))
	if err := r.plan.disk.mkdirAll(parent); err != nil {
		return err
	}
	if len(r.write)+len(r.remove) > 1 {
		err := r.exchange(parent)
		if !errors.Is(err, errNoExchange) {
			return err
		}
	}
	return r.oneByOne()
}

// sweep removes what a killed run made beside its place in a folder.
func sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	var errs []error
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), besidePrefix) {
			errs = append(errs, os.RemoveAll(filepath.Join(dir, entry.Name())))
		}
	}
	return errors.Join(append(errs, err)...)
}

// exchange makes the whole folder anew beside itself, and puts it in its place.
func (r *replacement) exchange(parent string) (err error) {
	beside, err := r.plan.disk.mkdirTemp(parent)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.plan.disk.removeAll(beside)) }()
	place := r.plan.path(r.folder)
	fresh := filepath.Join(beside, "new")
	if err := r.copy(place, fresh); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(r.write)) {
		inside := filepath.Join(fresh, filepath.FromSlash(strings.TrimPrefix(path.Clean(name), path.Clean(r.folder)+"/")))
		if err := errors.Join(r.plan.disk.mkdirAll(filepath.Dir(inside)), r.plan.disk.write(inside, r.write[name])); err != nil {
			return err
		}
	}
	if _, err := os.Lstat(place); errors.Is(err, fs.ErrNotExist) {
		return r.plan.disk.rename(fresh, place)
	}
	if err := r.plan.disk.exchange(fresh, place); err != nil {
		return err
	}
	return r.rescue(fresh, place)
}

// rescue brings what was saved into a folder while it was made anew, by an editor say,
// to where the folder is now.
func (r *replacement) rescue(from, to string) error {
	return filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		inside, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		path := filepath.ToSlash(filepath.Join(r.folder, inside))
		if r.write[path] != nil || slices.Contains(r.remove, path) {
			return nil
		}
		place := filepath.Join(to, inside)
		before, err := entry.Info()
		if err != nil {
			return err
		}
		if now, err := os.Lstat(place); err == nil && (os.SameFile(before, now) || now.ModTime().After(before.ModTime())) {
			return nil
		}
		return errors.Join(r.plan.disk.mkdirAll(filepath.Dir(place)), r.plan.disk.rename(name, place))
	})
}

// copy makes a folder of the same files, except those that are written or removed.
// Files are linked, not copied: they are the same before and after. Folders cannot be
// linked, and who watches one for changes, as editors do, would not hear of its copy:
// there may be none in it but packages.
func (r *replacement) copy(from, to string) error {
	folders := []string{"."}
	for i := 0; i < len(folders); i++ {
		inside := folders[i]
		entries, err := r.copyFolder(filepath.Join(from, inside), filepath.Join(to, inside))
		if err != nil {
			return err
		}
		for _, entry := range entries {
			name := path.Join(inside, entry.Name())
			planned := path.Join(r.folder, name)
			switch {
			case entry.IsDir() && r.plan.isPackage(planned):
				folders = append(folders, name)
			case entry.IsDir():
				return errNoExchange
			case r.write[planned] != nil || slices.Contains(r.remove, planned):
			case r.plan.disk.link(filepath.Join(from, name), filepath.Join(to, name)) != nil:
				return errNoExchange // such as on a file system without links
			}
		}
	}
	return nil
}

// copyFolder makes an empty folder like another, and returns what is in the other.
func (r *replacement) copyFolder(from, to string) ([]fs.DirEntry, error) {
	info, err := os.Lstat(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, r.plan.disk.mkdir(to, 0o755)
	}
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, errNoExchange // a link to a folder, or what cannot be one
	}
	if err := errors.Join(r.plan.disk.mkdir(to, 0o700), os.Chmod(to, info.Mode().Perm()|0o700)); err != nil {
		return nil, err
	}
	return os.ReadDir(from)
}

// oneByOne replaces each file in a step of its own. All new contents are on disk
// beside their places before the first file is replaced.
func (r *replacement) oneByOne() (err error) {
	written := map[string]string{}
	defer func() {
		for _, beside := range written {
			if removed := r.plan.disk.remove(beside); removed != nil && !errors.Is(removed, fs.ErrNotExist) {
				err = errors.Join(err, removed)
			}
		}
	}()
	names := slices.Sorted(maps.Keys(r.write))
	for _, name := range names {
		beside, err := r.plan.disk.writeBeside(r.plan.path(name), r.write[name])
		if err != nil {
			return err
		}
		written[name] = beside
	}
	for _, name := range names {
		if err := r.plan.disk.rename(written[name], r.plan.path(name)); err != nil {
			return err
		}
	}
	for _, name := range r.remove {
		if err := r.plan.disk.remove(r.plan.path(name)); err != nil {
			return err
		}
	}
	return nil
}
