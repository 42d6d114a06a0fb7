// Package foreign opens files that others have made and that nobody vouches for.
package foreign

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Refusal says why a file is not opened, of which the path is the reason, or what is there.
type Refusal struct{ why string }

// Error says why.
func (r *Refusal) Error() string { return r.why }

func refuse(format string, args ...any) error { return &Refusal{fmt.Sprintf(format, args...)} }

// Open opens a file to be read as bytes: a regular one, under that very name, and neither through
// a link nor "..". It waits for no other end of a pipe. Before it is opened, may is asked, with
// its absolute path; nil is that everything may be. What is refused is a *[Refusal], or may's error.
func Open(path string, may func(path string) error) (*os.File, error) {
	if path == "" {
		return nil, refuse("its path is empty")
	}
	if slices.Contains(strings.Split(filepath.ToSlash(path), "/"), "..") {
		return nil, refuse("%s has .. in it; give the path that is meant", path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, refuse("%s is no regular file but %v", path, info.Mode().Type())
	}
	real, err := filepath.EvalSymlinks(path)
	switch {
	case err != nil:
		return nil, err
	case real != path:
		return nil, refuse("%s is reached through a link; give the path that is meant, %s", path, real)
	}
	if may != nil {
		if err := may(path); err != nil {
			return nil, err
		}
	}
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	// It may have been replaced since.
	now, err := f.Stat()
	if err == nil && (!now.Mode().IsRegular() || !os.SameFile(now, info)) {
		err = refuse("%s was replaced while it was opened", path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
