package codegen

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// goModule is the Go module that a folder belongs to.
type goModule struct {
	path, dir string
	file      *modfile.File // nil if it cannot be read as one
}

// goModuleOf returns the module of a folder, which need not be there yet. ok is false
// where there is none.
func goModuleOf(folder string) (m goModule, ok bool) {
	for dir := folder; ; dir = filepath.Dir(dir) {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil {
			m = goModule{path: modfile.ModulePath(data), dir: dir}
			m.file, _ = modfile.Parse("go.mod", data, nil)
			return m, m.path != ""
		}
		if dir == filepath.Dir(dir) {
			return m, false
		}
	}
}

// folder returns the folder of a package of the module. ok is false for others.
func (m goModule) folder(importPath string) (dir string, ok bool) {
	if !within(importPath, m.path) {
		return "", false
	}
	return filepath.Join(m.dir, filepath.FromSlash(strings.TrimPrefix(importPath, m.path))), true
}

// reaches reports whether a package of another module may be imported. Where that is not
// for go.mod to say, as in a workspace, it may.
func (m goModule) reaches(importPath string) bool {
	if m.file == nil {
		return true
	}
	for dir := m.dir; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return true
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return slices.ContainsFunc(m.file.Require, func(r *modfile.Require) bool { return within(importPath, r.Mod.Path) }) ||
		slices.ContainsFunc(m.file.Replace, func(r *modfile.Replace) bool { return within(importPath, r.Old.Path) })
}

// within reports whether a package can be of a module, by their paths.
func within(importPath, module string) bool {
	return importPath == module || strings.HasPrefix(importPath, module+"/")
}
