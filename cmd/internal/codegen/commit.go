package codegen

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// path returns where a file of the project is.
func (p *Plan) path(name string) string { return filepath.Join(p.root, filepath.FromSlash(name)) }

// Commit makes the files what the plan says, and returns what it did: the states from
// before. A folder in which more than one file changes is made anew beside itself and
// takes its place in one step, where the system has such a step and the folder holds no
// folders but packages: whoever looks, also after the program was killed, finds the old
// files or the new ones. Elsewhere each file is replaced in one step: whoever looks in
// between finds old files beside new ones, and running Commit again completes what a
// killed one began.
// Two that run at once for one project take each other's work for left behind, so
// commands call [Generate].
func (p *Plan) Commit() ([]Change, error) {
	changes, err := p.Compare()
	if err != nil {
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
			return nil, fmt.Errorf("codegen: %s cannot be written to: %w: mend that and run silo generate again", folder.path, err)
		}
	}
	p.remember()
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
		name := path.Dir(change.Path)
		if parent != "" && strings.HasPrefix(change.Path, parent+"/") {
			name = parent
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
		if !p.isPackage(name) {
			return ""
		}
	}
	return parent
}

// isPackage reports whether a folder is that of a package.
func (p *Plan) isPackage(folder string) bool {
	return slices.ContainsFunc(p.outs, func(out string) bool { return path.Clean(out) == folder })
}
