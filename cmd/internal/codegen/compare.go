package codegen

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// State says how a file on disk differs from the plan.
type State string

// The states of files.
const (
	Fresh   State = "fresh"   // as planned
	Missing State = "missing" // planned and not there
	Stale   State = "stale"   // there with other contents
	Surplus State = "surplus" // generated once, and no longer planned
)

// Change is the state of one file.
type Change struct {
	Path  string `json:"path"` // relative to the folder of sqlc.yaml, with slashes
	State State  `json:"state"`
}

// Compare returns the state of every planned file and every surplus one, by path. When
// what was not generated is where a generated file has to be, or does not compile beside
// it, the error is a [*problem.Found] that holds all such files.
func (p *Plan) Compare() ([]Change, error) {
	c := comparison{plan: p, planned: map[string]bool{}}
	for _, out := range p.outs {
		c.dangling(out)
	}
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	for _, file := range p.Files {
		c.compare(file)
	}
	for _, out := range p.outs {
		if err := c.beside(out); err != nil {
			return nil, fmt.Errorf("codegen: %w", err)
		}
	}
	for _, out := range p.former {
		if err := c.left(out); err != nil {
			return nil, fmt.Errorf("codegen: %w", err)
		}
	}
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(c.changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return c.changes, nil
}

// comparison is what is found out about the files of a plan and those beside them.
type comparison struct {
	plan     *Plan
	planned  map[string]bool
	changes  []Change
	problems problem.List
}

// change notes the state of a file.
func (c *comparison) change(name string, state State) {
	c.changes = append(c.changes, Change{name, state})
}

// problem notes what is wrong with a file or folder.
func (c *comparison) problem(name, format string, args ...any) {
	c.problems.Add(name, 0, format, args...)
}

// dangling notes a link on the way to a package's folder that leads nowhere.
func (c *comparison) dangling(out string) {
	for folder := path.Clean(out); folder != "." && folder != "/"; folder = path.Dir(folder) {
		place := c.plan.path(folder)
		to, err := os.Readlink(place)
		if err != nil {
			continue // it is no link
		}
		if _, err := os.Stat(place); errors.Is(err, fs.ErrNotExist) {
			c.problem(folder, "it is a link to %s, which is not there: make that folder, or remove the link", to)
			return
		}
	}
}

// compare looks at the place of a planned file.
func (c *comparison) compare(file File) {
	c.planned[file.Path] = true
	place := c.plan.path(file.Path)
	existing, err := os.ReadFile(place)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.change(file.Path, Missing)
	case errors.Is(err, syscall.ENOTDIR):
		c.problem(path.Dir(file.Path), "a file is where this folder has to be: move it elsewhere")
	case err != nil && isFolder(place):
		c.problem(file.Path, "a folder is where this file has to be: move it elsewhere")
	case err != nil:
		c.problem(file.Path, "it is in the way and cannot be read: %v", cause(err))
	case ofSQLC(existing):
		c.besideSQLC(file.Path)
	case !generated(existing):
		c.problem(file.Path, "it is in the way and was not generated, for it does not begin with %q: move it elsewhere", Header)
	case bytes.Equal(existing, file.Contents):
		c.change(file.Path, Fresh)
	default:
		c.change(file.Path, Stale)
	}
}

// beside looks at the files of a package's folder that are not planned.
func (c *comparison) beside(out string) error {
	files, err := c.unplanned(out)
	for _, file := range files {
		switch {
		case ofSQLC(file.Contents): // as a project has them that comes from there
			c.besideSQLC(file.Path)
		case generated(file.Contents):
			c.change(file.Path, Surplus)
		default:
			c.samePackage(out, file)
		}
	}
	return err
}

// left looks for what was generated in a folder that is no package's any more.
func (c *comparison) left(out string) error {
	files, err := c.unplanned(out)
	for _, file := range files {
		if generated(file.Contents) {
			c.change(file.Path, Surplus)
		}
	}
	return err
}

// unplanned returns the Go files of a folder that are not planned.
func (c *comparison) unplanned(out string) ([]File, error) {
	entries, err := os.ReadDir(c.plan.path(out))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var files []File
	for _, entry := range entries {
		name := path.Join(out, entry.Name())
		if c.planned[name] || !entry.Type().IsRegular() || !strings.HasSuffix(name, ".go") {
			continue
		}
		contents, err := os.ReadFile(c.plan.path(name))
		if err != nil {
			return nil, err
		}
		files = append(files, File{Path: name, Contents: contents})
	}
	return files, nil
}

// besideSQLC notes a file that sqlc generated.
func (c *comparison) besideSQLC(name string) {
	c.problem(name, "sqlc generated it, and it does not compile together with what silo generates: remove it")
}

// samePackage refuses a folder that already has a package of another name in it: with
// two, neither compiles.
func (c *comparison) samePackage(out string, file File) {
	theirs, ok := packageName(file.Contents)
	if !ok || strings.HasSuffix(file.Path, "_test.go") {
		return // it does not compile anyway, or may be of an external test
	}
	for _, planned := range c.plan.Files {
		if ours, _ := packageName(planned.Contents); path.Dir(planned.Path) == path.Clean(out) && ours != theirs {
			c.problem(file.Path, "it is of package %s, and package %s is to be generated into %s: name another folder as out", theirs, ours, out)
			return
		}
	}
}

// packageName returns the package that a Go file says it is of.
func packageName(source []byte) (string, bool) {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.PackageClauseOnly)
	if err != nil {
		return "", false
	}
	return file.Name.Name, true
}

// generated reports whether a file is the generator's to replace and remove.
func generated(contents []byte) bool {
	line, _, _ := bytes.Cut(contents, []byte("\n"))
	return string(bytes.TrimSuffix(line, []byte("\r"))) == Header
}

// ofSQLC reports whether sqlc generated a file.
func ofSQLC(contents []byte) bool {
	return bytes.HasPrefix(contents, []byte("// Code generated by sqlc."))
}

// isFolder reports whether there is a folder of a name, or a link to one.
func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
