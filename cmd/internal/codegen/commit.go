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
	"path/filepath"
	"slices"
	"strings"
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

// ForeignError is returned when a file that was not generated is where a generated
// one has to be.
type ForeignError struct {
	Paths []string // relative to the folder of sqlc.yaml
}

func (e *ForeignError) Error() string {
	lines := make([]string, len(e.Paths))
	for i, name := range e.Paths {
		lines[i] = name + ": it is in the way and was not generated, for it does not begin with " +
			fmt.Sprintf("%q", Header) + ": move it elsewhere"
	}
	return strings.Join(lines, "\n")
}

// Compare returns the state of every planned file and every surplus one, by path.
func (p *Plan) Compare() ([]Change, error) {
	var changes []Change
	var foreign []string
	planned := map[string]bool{}
	for _, file := range p.Files {
		planned[file.Path] = true
		existing, err := os.ReadFile(p.path(file.Path))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			changes = append(changes, Change{file.Path, Missing})
		case err != nil:
			return nil, fmt.Errorf("codegen: %w", err)
		case !generated(existing):
			foreign = append(foreign, file.Path)
		case bytes.Equal(existing, file.Contents):
			changes = append(changes, Change{file.Path, Fresh})
		default:
			changes = append(changes, Change{file.Path, Stale})
		}
	}
	if len(foreign) > 0 {
		return nil, &ForeignError{Paths: foreign}
	}
	for _, out := range p.outs {
		surplus, err := p.surplus(out, planned)
		if err != nil {
			return nil, fmt.Errorf("codegen: %w", err)
		}
		changes = append(changes, surplus...)
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return changes, nil
}

// surplus finds the generated files of a folder that are not planned.
func (p *Plan) surplus(out string, planned map[string]bool) ([]Change, error) {
	entries, err := os.ReadDir(p.path(out))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, entry := range entries {
		name := path.Join(out, entry.Name())
		if planned[name] || !entry.Type().IsRegular() || !strings.HasSuffix(name, ".go") {
			continue
		}
		contents, err := os.ReadFile(p.path(name))
		if err != nil {
			return nil, err
		}
		if generated(contents) {
			changes = append(changes, Change{name, Surplus})
		} else if err := p.samePackage(out, name, contents); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

// samePackage refuses a folder that already has a package of another name in it: with
// two, neither compiles.
func (p *Plan) samePackage(out, name string, contents []byte) error {
	theirs, ok := packageName(contents)
	if !ok || strings.HasSuffix(name, "_test.go") {
		return nil // it does not compile anyway, or may be of an external test
	}
	for _, file := range p.Files {
		if ours, _ := packageName(file.Contents); path.Dir(file.Path) == out && ours != theirs {
			return fmt.Errorf("%s is of package %s, and package %s is to be generated into %s: name another folder as out", name, theirs, ours, out)
		}
	}
	return nil
}

func packageName(source []byte) (string, bool) {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.PackageClauseOnly)
	if err != nil {
		return "", false
	}
	return file.Name.Name, true
}

func generated(contents []byte) bool {
	line, _, _ := bytes.Cut(contents, []byte("\n"))
	return string(bytes.TrimSuffix(line, []byte("\r"))) == Header
}

func (p *Plan) path(name string) string { return filepath.Join(p.root, filepath.FromSlash(name)) }

// Commit makes the files what the plan says, and returns what it did: the states from
// before. All new contents are on disk beside their places before the first file is
// replaced; each file is replaced in one step. When Commit fails some files may be
// new and others old; running it again completes it.
func (p *Plan) Commit() (changes []Change, err error) {
	if changes, err = p.Compare(); err != nil {
		return nil, err
	}
	states := map[string]State{}
	for _, change := range changes {
		states[change.Path] = change.State
	}
	var written []replacement
	defer func() {
		for _, r := range written {
			if removeErr := os.Remove(r.from); removeErr != nil && !errors.Is(removeErr, fs.ErrNotExist) {
				err = errors.Join(err, fmt.Errorf("codegen: %w", removeErr))
			}
		}
	}()
	for _, file := range p.Files {
		if states[file.Path] == Fresh {
			continue
		}
		r, err := writeBeside(p.path(file.Path), file.Contents)
		if err != nil {
			return nil, fmt.Errorf("codegen: %w", err)
		}
		written = append(written, r)
	}
	for _, r := range written {
		if err := os.Rename(r.from, r.to); err != nil {
			return nil, fmt.Errorf("codegen: %w", err)
		}
	}
	for _, change := range changes {
		if change.State != Surplus {
			continue
		}
		if err := os.Remove(p.path(change.Path)); err != nil {
			return nil, fmt.Errorf("codegen: %w", err)
		}
	}
	return changes, nil
}

// replacement is a file that is ready to take another's place.
type replacement struct{ from, to string }

// writeBeside writes contents under a temporary name in the folder of a file. Go
// takes no notice of names that begin with a dot.
func writeBeside(name string, contents []byte) (r replacement, err error) {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return r, err
	}
	f, err := os.CreateTemp(dir, ".silo-*")
	if err != nil {
		return r, err
	}
	r = replacement{from: f.Name(), to: name}
	_, writeErr := f.Write(contents)
	if err := errors.Join(writeErr, f.Chmod(0o644), f.Close()); err != nil {
		return r, errors.Join(err, os.Remove(r.from))
	}
	return r, nil
}
