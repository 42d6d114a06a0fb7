package dev

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// stamp is by what it is told that a file has changed.
type stamp struct {
	size int64
	time time.Time
}

// snapshot are the files that matter, by path, as they were at one time.
type snapshot map[string]stamp

// changed returns the paths of files that differ between two snapshots, in order.
func (s snapshot) changed(now snapshot) (paths []string) {
	for path, was := range s {
		if is, there := now[path]; !there || is != was {
			paths = append(paths, path)
		}
	}
	for path := range now {
		if _, there := s[path]; !there {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// accept takes files as they are now, which this program has written itself.
func (s snapshot) accept(paths []string) {
	for _, path := range paths {
		if info, err := os.Lstat(path); err == nil {
			s[path] = stamp{info.Size(), info.ModTime()}
		} else {
			delete(s, path)
		}
	}
}

// tree is the folder of a module.
type tree struct {
	root string

	mu       sync.Mutex
	embedded []embedding // guarded by mu: the watcher asks too
}

// embedding are files that a package embeds: those of an ending in a folder, or below it.
type embedding struct{ folder, ending string }

// embeds says what the packages of the program embed.
func (t *tree) embeds(files []string) {
	var found []embedding
	for _, file := range files {
		e := embedding{filepath.Dir(file), filepath.Ext(file)}
		if !slices.Contains(found, e) {
			found = append(found, e)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.embedded = found
}

// sources are the endings and names of files that a program is made of, whatever it embeds.
var sources = []string{".go", ".sql", "go.mod", "go.sum", "go.work", "sqlc.yaml", "sqlc.yml", "sqlc.json"}

// matters reports whether the program may be another when a file changes. Tests are no part of it, nor are the
// files that editors write beside.
func (t *tree) matters(path string) bool {
	name := filepath.Base(path)
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~") || strings.HasSuffix(name, "_test.go") {
		return false
	}
	if slices.Contains(sources, name) || slices.Contains(sources, filepath.Ext(name)) {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(t.embedded, func(e embedding) bool {
		return filepath.Ext(name) == e.ending && strings.HasPrefix(path, e.folder+string(filepath.Separator))
	})
}

// dataFolder is the file that makes a folder one of Silo's data folders, in which files change all the time.
const dataFolder = "silo.json"

// passedOver reports whether nothing of the program is in a folder.
func (t *tree) passedOver(folder string) bool {
	name := filepath.Base(folder)
	if folder != t.root && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "node_modules") {
		return true
	}
	_, err := os.Lstat(filepath.Join(folder, dataFolder))
	return err == nil
}

// walk calls visit with each folder that is not passed over, and with each file in them. What cannot be read, or goes away
// meanwhile, is left out.
func (t *tree) walk(from string, visit func(path string, entry fs.DirEntry)) {
	_ = filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error { // it returns no error but SkipDir
		switch {
		case err != nil:
			return nil //nolint:nilerr // as said above
		case entry.IsDir() && t.passedOver(path):
			return filepath.SkipDir
		}
		visit(path, entry)
		return nil
	})
}

// scan looks at all files that matter.
func (t *tree) scan() snapshot {
	found := snapshot{}
	t.walk(t.root, func(path string, entry fs.DirEntry) {
		if entry.IsDir() || !t.matters(path) {
			return
		}
		if info, err := entry.Info(); err == nil {
			found[path] = stamp{info.Size(), info.ModTime()}
		}
	})
	return found
}
