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
	"syscall"
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
		case errors.Is(err, syscall.ENOTDIR):
			return nil, fmt.Errorf("codegen: a file is where the folder %s has to be: move it elsewhere", path.Dir(file.Path))
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
// before. A folder in which more than one file changes is made anew beside itself and
// takes its place in one step, where the system has such a step: whoever looks, also
// after the program was killed, finds the old files or the new ones. Elsewhere each
// file is replaced in one step, and running Commit again completes what it began.
func (p *Plan) Commit() (changes []Change, err error) {
	unlock, err := p.lock()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if changes, err = p.Compare(); err != nil {
		return nil, err
	}
	if err := p.sweep(); err != nil {
		return nil, fmt.Errorf("codegen: %w", err)
	}
	contents := map[string][]byte{}
	for _, file := range p.Files {
		contents[file.Path] = file.Contents
	}
	for _, folder := range p.folders(changes) {
		r := &replacement{plan: p, folder: folder.path, write: map[string][]byte{}}
		for _, change := range folder.changes {
			if change.State == Surplus {
				r.remove = append(r.remove, change.Path)
			} else {
				r.write[change.Path] = contents[change.Path]
			}
		}
		if err := r.run(); err != nil {
			return nil, fmt.Errorf("codegen: %w", err)
		}
	}
	return changes, nil
}

// sweep removes what runs that were killed left beside the packages and in them.
func (p *Plan) sweep() error {
	var dirs []string
	for _, out := range p.outs {
		dirs = append(dirs, path.Clean(out), path.Dir(path.Clean(out)), path.Dir(path.Dir(path.Clean(out))))
	}
	slices.Sort(dirs)
	var errs []error
	for _, dir := range slices.Compact(dirs) {
		errs = append(errs, sweep(p.path(dir)))
	}
	return errors.Join(errs...)
}

// folder is what changes in one folder, or in those below it.
type folder struct {
	path    string
	changes []Change
}

// folders groups what changes by the folders that are replaced: the one that holds all
// packages and nothing else, or each package's own.
func (p *Plan) folders(changes []Change) []folder {
	parent := p.parent()
	var folders []folder
	for _, change := range changes {
		if change.State == Fresh {
			continue
		}
		name := parent
		if name == "" {
			name = path.Dir(change.Path)
		}
		at := slices.IndexFunc(folders, func(f folder) bool { return f.path == name })
		if at < 0 {
			at = len(folders)
			folders = append(folders, folder{path: name})
		}
		folders[at].changes = append(folders[at].changes, change)
	}
	return folders
}

// parent returns the folder that holds the folders of all packages and nothing else,
// or nothing.
func (p *Plan) parent() string {
	if len(p.outs) < 2 {
		return ""
	}
	parent := path.Dir(path.Clean(p.outs[0]))
	for _, out := range p.outs {
		if path.Dir(path.Clean(out)) != parent || parent == "." {
			return ""
		}
	}
	entries, err := os.ReadDir(p.path(parent))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	for _, entry := range entries {
		name := path.Join(parent, entry.Name())
		if !slices.ContainsFunc(p.outs, func(out string) bool { return path.Clean(out) == name }) {
			return ""
		}
	}
	return parent
}
