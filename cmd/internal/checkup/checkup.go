// Package checkup looks whether a project is as it should be: its Go, its configuration, what is
// generated, its migrations and the versions of its tools. It changes nothing.
package checkup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

// Kind is what a finding is about.
type Kind string

// The kinds of findings.
const (
	Go         Kind = "go"         // the version of Go
	Config     Kind = "config"     // sqlc.yaml
	Generated  Kind = "generated"  // what silo generate writes
	Wire       Kind = "wire"       // what wire writes
	Migrations Kind = "migrations" // their numbers, and what was generated from them
	Tools      Kind = "tools"      // the versions of silo and of the library
	Module     Kind = "module"     // go.mod
)

// Finding is something that is not as it should be.
type Finding struct {
	Kind    Kind   `json:"kind"`
	Path    string `json:"path,omitempty"` // as seen from the folder of sqlc.yaml, with slashes
	Line    int    `json:"line,omitempty"`
	Problem string `json:"problem"`
	Next    string `json:"next"` // what to do
}

// Place is path:line, as far as it is known.
func (f Finding) Place() string {
	if f.Line > 0 {
		return fmt.Sprintf("%s:%d", f.Path, f.Line)
	}
	return f.Path
}

// Options says what to look at.
type Options struct {
	// Config is the path of sqlc.yaml.
	Config string

	// Self is the path of the running program, by which queries are checked.
	Self string

	// Version is that of the running program; empty or (devel) if it has none.
	Version string
}

// project is one that is looked at.
type project struct {
	Options
	root   string // the folder of the configuration
	module string // that of go.mod, or ""
	mod    *modfile.File
	blocks []config.Block
	unread bool // the configuration is wrong
	found  []Finding
}

func (p *project) add(kind Kind, path, next, format string, args ...any) {
	p.found = append(p.found, Finding{Kind: kind, Path: path, Problem: fmt.Sprintf(format, args...), Next: next})
}

// Run looks at a project, and returns what is wrong with it. An error means that it could not be looked at. Cancelling ctx ends
// it, and the go command that it runs.
func Run(ctx context.Context, options Options) ([]Finding, error) {
	file, err := filepath.Abs(options.Config)
	if err != nil {
		return nil, err
	}
	p := &project{Options: options, root: filepath.Dir(file)}
	p.findModule()
	for _, check := range []func(context.Context) error{p.checkGo, p.checkModule, p.checkTools, p.checkConfig, p.checkGenerated, p.checkWire} {
		if err := errors.Join(ctx.Err(), check(ctx)); err != nil {
			return nil, err
		}
	}
	return p.found, nil
}

// findModule reads the go.mod of the project.
func (p *project) findModule() {
	for dir := p.root; ; dir = filepath.Dir(dir) {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil {
			p.module = dir
			if p.mod, err = modfile.Parse("go.mod", data, nil); err != nil {
				p.add(Module, p.seen("go.mod"), "mend what go mod edit -json says of it", "it cannot be read: %v", err)
			}
			return
		}
		if dir == filepath.Dir(dir) {
			p.add(Module, "", "run go mod init", "there is no go.mod in %s or above it", p.root)
			return
		}
	}
}

// seen returns the path of a file of the module as seen from the folder of the configuration.
func (p *project) seen(name string) string {
	relative, err := filepath.Rel(p.root, filepath.Join(p.module, filepath.FromSlash(name)))
	if err != nil {
		return name
	}
	return filepath.ToSlash(relative)
}
