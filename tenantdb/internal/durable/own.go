package durable

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// Own reports whether a path, absolute and with its links resolved, is directly in root or below
// one of these folders of it: where nobody else is to put or open a file.
func Own(path, root string, folders ...string) bool {
	rel, err := filepath.Rel(root, path)
	if err != nil || !filepath.IsLocal(rel) {
		return false
	}
	top, _, below := strings.Cut(filepath.ToSlash(rel), "/")
	return !below || slices.Contains(folders, top)
}

// Outside makes the path of a new file absolute, with the links to its folder resolved, and refuses
// what is Own.
func Outside(path, root string, folders ...string) (string, error) {
	if path == "" {
		return "", fmt.Errorf("%w: the path of the new file is empty", fs.ErrInvalid)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	path = filepath.Join(folder, filepath.Base(path))
	if Own(path, root, folders...) {
		return "", fmt.Errorf("%w: %s is among the data folder's own files", fs.ErrInvalid, path)
	}
	return path, nil
}
