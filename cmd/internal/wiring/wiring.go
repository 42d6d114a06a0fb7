// Package wiring finds the injectors of google/wire in a module, and the command that writes them.
package wiring

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"go/build/constraint"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// Tool is the package of the command wire.
const Tool = "github.com/google/wire/cmd/wire"

// ErrNoTool says that a module has injectors, and neither its go.mod nor its tools/go.mod has wire as a tool.
var ErrNoTool = errors.New("neither go.mod nor tools/go.mod has " + Tool + " as a tool: run go get -tool -modfile=tools/go.mod " + Tool)

// Wiring is what wire has to do with a module.
type Wiring struct {
	// Packages are the folders with injectors, as ./internal/app, in order.
	Packages []string

	// Files are the files of the injectors, by their paths.
	Files []string

	module  string
	modfile string // tools/go.mod, or "" for go.mod
	missing bool   // there is no tool
}

// Find looks for injectors in the module of a folder that holds go.mod. Folders of other modules are left out, and so
// are those that the go command leaves out.
func Find(module string) (*Wiring, error) {
	w := &Wiring{module: module}
	err := filepath.WalkDir(module, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && path != module:
			return nil
		case err != nil:
			return err
		case entry.IsDir() && path != module && passedOver(path):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		injector, err := IsInjector(path)
		if err != nil || !injector {
			return err
		}
		w.Files = append(w.Files, path)
		folder, err := filepath.Rel(module, filepath.Dir(path))
		if name := "./" + filepath.ToSlash(folder); !slices.Contains(w.Packages, name) {
			w.Packages = append(w.Packages, name)
		}
		return err
	})
	if err != nil || len(w.Files) == 0 {
		return w, err
	}
	switch {
	case hasTool(filepath.Join(module, "tools", "go.mod")):
		w.modfile = filepath.Join("tools", "go.mod")
	case !hasTool(filepath.Join(module, "go.mod")):
		w.missing = true
	}
	return w, nil
}

// passedOver reports whether a folder has no packages of the module in it.
func passedOver(path string) bool {
	name := filepath.Base(path)
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "vendor" || name == "node_modules" {
		return true
	}
	_, err := os.Stat(filepath.Join(path, "go.mod"))
	return err == nil
}

// IsInjector reports whether a Go file is for wire alone, which its build constraint says. One that is not there is not.
func IsInjector(path string) (bool, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // it was removed meanwhile
	}
	if err != nil {
		return false, err
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "package ") {
			return false, nil
		}
		if !constraint.IsGoBuild(line) {
			continue
		}
		expr, err := constraint.Parse(line)
		if err != nil {
			return false, nil //nolint:nilerr // the compiler says so
		}
		return holds(expr, "wireinject") && !holds(expr, ""), nil
	}
	return false, nil
}

// holds reports whether a constraint can hold with a tag and with all others or none.
func holds(expr constraint.Expr, tag string) bool {
	alone := func(other string) bool { return other == tag }
	together := func(other string) bool { return other == tag || other != "wireinject" }
	return expr.Eval(alone) || expr.Eval(together)
}

// hasTool reports whether a go.mod names wire as a tool.
func hasTool(file string) bool {
	data, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	parsed, err := modfile.Parse(file, data, nil)
	return err == nil && slices.ContainsFunc(parsed.Tool, func(tool *modfile.Tool) bool { return tool.Path == Tool })
}

// Command returns the command wire with a verb, gen or diff, for all injectors. The error is [ErrNoTool] if
// the module has none.
func (w *Wiring) Command(ctx context.Context, verb string) (*exec.Cmd, error) {
	if w.missing {
		return nil, ErrNoTool
	}
	args := []string{"tool"}
	if w.modfile != "" {
		args = append(args, "-modfile="+w.modfile)
	}
	cmd := exec.CommandContext(ctx, "go", append(append(args, "wire", verb), w.Packages...)...) //nolint:gosec // the module's own
	cmd.Dir = w.module
	return cmd, nil
}
