package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/silokit/silo/tenantdb/internal/durable"
)

// Folder is a Target in a folder of this machine. It should be on another disk than the
// tenants, or be copied to one: a backup beside its tenant dies with the disk. A Folder in
// the data folder costs no copying, for a backup's file then only gets one more name.
type Folder struct {
	path  string
	files durable.Files // the zero value, but in tests
}

// NewFolder returns the Target in the folder at path, which is made when something is first
// put there, with access for its owner alone.
func NewFolder(path string) *Folder { return &Folder{path: path} }

// Path returns the folder.
func (f *Folder) Path() string { return f.path }

// partPrefix is how the names of files that are being written begin.
const partPrefix = ".part."

func (f *Folder) at(name string) (string, error) {
	if !fs.ValidPath(name) || name == "." || strings.Contains(name, partPrefix) {
		return "", fmt.Errorf("%q is no name of an object: %w", name, fs.ErrInvalid)
	}
	return filepath.Join(f.path, filepath.FromSlash(name)), nil
}

// Put is Target.Put: where the file is on the same file system it gets one more name;
// otherwise it is copied beside, synced, read again and compared, and then named.
func (f *Folder) Put(ctx context.Context, name string, file File) error {
	path, err := f.at(name)
	if err != nil {
		return err
	}
	if err := durable.MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	f.files.Before("link", path)
	err = os.Link(file.Path, path)
	switch {
	case err == nil:
		return durable.SyncDir(filepath.Dir(path))
	case errors.Is(err, fs.ErrExist):
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	part, err := f.copyBeside(ctx, path, file)
	if err == nil {
		err = f.files.Name(part, path)
	}
	if err != nil && part != "" {
		err = errors.Join(err, ignoreMissing(os.Remove(part)))
	}
	return err
}

// copyBeside copies the file beside path, and returns its name there also with most errors.
func (f *Folder) copyBeside(ctx context.Context, path string, file File) (part string, err error) {
	in, err := os.Open(file.Path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.CreateTemp(filepath.Dir(path), partPrefix+filepath.Base(path)+".*")
	if err != nil {
		return "", err
	}
	part = out.Name()
	_, err = io.Copy(out, withContext(ctx, in))
	if err = errors.Join(err, out.Close()); err != nil {
		return part, err
	}
	if err := f.files.Sync(part); err != nil {
		return part, err
	}
	return part, checkFile(ctx, part, file)
}

// checkFile reads the file at path and compares it with what it should be.
func checkFile(ctx context.Context, path string, want File) (err error) {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	return copyWhole(ctx, io.Discard, in, path, want.Size, want.SHA256)
}

// Get is Target.Get.
func (f *Folder) Get(_ context.Context, name string) (io.ReadCloser, error) {
	path, err := f.at(name)
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

// List is Target.List. It reads one folder at a time, and none in which no name has the
// prefix.
func (f *Folder) List(ctx context.Context, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		folder := prefix[:strings.LastIndex(prefix, "/")+1]
		if folder != "" {
			path, err := f.at(strings.TrimSuffix(folder, "/"))
			if err != nil {
				return // no object has such a name
			}
			if info, err := os.Stat(path); err == nil && !info.IsDir() {
				return
			}
		}
		f.list(ctx, folder, prefix, yield)
	}
}

// list yields what is in the folder of that name and below, and returns false when that is
// to end.
func (f *Folder) list(ctx context.Context, folder, prefix string, yield func(Object, error) bool) bool {
	entries, err := os.ReadDir(filepath.Join(f.path, filepath.FromSlash(folder)))
	if err = errors.Join(ignoreMissing(err), ctx.Err()); err != nil {
		yield(Object{}, err)
		return false
	}
	// As names with slashes are sorted: acme-2/ comes before acme/.
	sorted := func(e fs.DirEntry) string {
		if e.IsDir() {
			return e.Name() + "/"
		}
		return e.Name()
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(sorted(a), sorted(b)) })
	for _, e := range entries {
		name := folder + sorted(e)
		switch {
		case e.IsDir():
			if (strings.HasPrefix(name, prefix) || strings.HasPrefix(prefix, name)) && !f.list(ctx, name, prefix, yield) {
				return false
			}
		case strings.HasPrefix(e.Name(), partPrefix) || !e.Type().IsRegular() || !strings.HasPrefix(name, prefix):
		default:
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // removed meanwhile
			}
			if err != nil {
				yield(Object{}, err)
				return false
			}
			if !yield(Object{Name: name, Size: info.Size()}, nil) {
				return false
			}
		}
	}
	return true
}

// Remove is Target.Remove. It removes, too, what a process that died has left of a Put
// under that name, and the folder, if nothing else is in it.
func (f *Folder) Remove(_ context.Context, name string) error {
	path, err := f.at(name)
	if err != nil {
		return err
	}
	paths := []string{path}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return ignoreMissing(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), partPrefix+filepath.Base(path)+".") {
			paths = append(paths, filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
	if err := f.files.Remove(paths...); err != nil {
		return err
	}
	_ = os.Remove(filepath.Dir(path)) // refused while something is in it
	return nil
}
