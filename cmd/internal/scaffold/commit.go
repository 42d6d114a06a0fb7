package scaffold

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// stagingPrefix is how the folders begin in which services are written before they have
// their place.
const stagingPrefix = ".silo-new-"

// Commit writes the files that are new. A folder that was not there is written beside and
// named in one step: if the process dies, it is there whole or not at all. Into one that was
// there each file is put by one step, and none is replaced. What fails, and the end of ctx, undo
// all of it.
//
// A process that is killed may leave a folder .silo-new-… beside, which the next Commit there
// removes, and in a folder that was there some of the files, with which [Complete] goes on.
func (p *Plan) Commit(ctx context.Context) error {
	if p.fresh {
		return p.commitWhole(ctx)
	}
	return p.commitInto(ctx)
}

// commitWhole makes the folder.
func (p *Plan) commitWhole(ctx context.Context) (err error) {
	parent := filepath.Dir(p.Dir)
	made, err := p.disk.mkdirAll(parent)
	defer func() {
		if err != nil {
			err = errors.Join(err, p.disk.removeDirs(made))
		}
	}()
	if err != nil {
		return err
	}
	return p.staged(ctx, parent, func(staging string) error {
		// A folder that has been made meanwhile and is not empty is not replaced; an empty one is.
		if err := p.disk.rename(staging, p.Dir); err != nil {
			return err
		}
		if err := p.disk.syncDir(parent); err != nil {
			return errors.Join(err, os.Rename(p.Dir, staging))
		}
		return nil
	})
}

// commitInto puts the files into the folder.
func (p *Plan) commitInto(ctx context.Context) (err error) {
	root, err := os.OpenRoot(p.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	return p.staged(ctx, p.Dir, func(staging string) (err error) {
		var undo []string // what was made, in this order
		defer func() {
			for i := len(undo) - 1; err != nil && i >= 0; i-- {
				err = errors.Join(err, root.Remove(undo[i]))
			}
		}()
		touched := map[string]bool{".": true}
		for _, step := range p.Steps {
			if step.State != New {
				continue
			}
			folders, err := p.disk.mkdirIn(root, path.Dir(step.Path))
			undo = append(undo, folders...)
			if err != nil {
				return err
			}
			name := filepath.FromSlash(step.Path)
			if err := p.disk.link(root, filepath.Join(filepath.Base(staging), name), name); err != nil {
				return fmt.Errorf("nothing was written: %w", err)
			}
			undo = append(undo, name)
			for dir := path.Dir(step.Path); !touched[dir]; dir = path.Dir(dir) {
				touched[dir] = true
			}
		}
		for dir := range touched {
			if err := p.disk.syncDir(filepath.Join(p.Dir, filepath.FromSlash(dir))); err != nil {
				return err
			}
		}
		return nil
	})
}

// staged writes the new files into a folder of their own below a folder, calls place, which
// gives them their place, and removes what is left of it.
func (p *Plan) staged(ctx context.Context, below string, place func(staging string) error) (err error) {
	if err := p.disk.removeStale(below); err != nil {
		return err
	}
	staging, unlock, err := p.disk.mkdirStaging(below)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging), unlock()) }()
	folders := map[string]bool{".": true}
	for _, step := range p.Steps {
		if step.State != New {
			continue
		}
		if ctx.Err() != nil {
			return fmt.Errorf("nothing was written: %w", ctx.Err())
		}
		for dir := path.Dir(step.Path); !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
		}
		if err := p.disk.write(staging, step.File); err != nil {
			return err
		}
	}
	for dir := range folders {
		if err := p.disk.syncDir(filepath.Join(staging, filepath.FromSlash(dir))); err != nil {
			return err
		}
	}
	return place(staging)
}

// Workspace returns the go.work above a folder, which has to name a new module before the go
// command builds it, or empty if there is none.
func Workspace(dir string) string {
	if os.Getenv("GOWORK") == "off" {
		return ""
	}
	for ; ; dir = filepath.Dir(dir) {
		if file := filepath.Join(dir, "go.work"); isFile(file) {
			return file
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// isStaging reports whether an entry of a folder is what a Commit has written into.
func isStaging(entry fs.DirEntry) bool {
	return entry.IsDir() && strings.HasPrefix(entry.Name(), stagingPrefix)
}
