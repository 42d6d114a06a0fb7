package corpus

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Skipped is something in the corpus that is no unit though it looks like one.
type Skipped struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

var configName = regexp.MustCompile(`^(?:.*[._-])?sqlc(?:[._-].*)?\.(?:ya?ml|json)$`)

// Find returns the units below a folder, by name, and what could not be made one.
func Find(root string) ([]*Unit, []Skipped, error) {
	f := finder{root: root, configured: map[string]bool{}, seen: map[string]string{}}
	if err := filepath.WalkDir(root, f.visit); err != nil {
		return nil, nil, fmt.Errorf("look for projects: %w", err)
	}
	slices.SortFunc(f.configs, func(a, b string) int { // sqlc.yaml before sqlc.ci.yaml
		return cmp.Or(cmp.Compare(filepath.Dir(a), filepath.Dir(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	for _, config := range f.configs {
		f.read(config)
	}
	slices.Sort(f.folders)
	for _, folder := range f.folders {
		f.guess(folder)
	}
	slices.SortStableFunc(f.units, func(a, b *Unit) int { return strings.Compare(a.Name, b.Name) })
	return f.units, f.skipped, nil
}

type finder struct {
	root       string
	configs    []string
	folders    []string
	configured map[string]bool   // folders that a configuration covers
	seen       map[string]string // units by what they are made of
	units      []*Unit
	skipped    []Skipped
}

func (f *finder) visit(name string, entry fs.DirEntry, err error) error {
	switch {
	case err != nil && name != f.root:
		f.skip(name, err)
		if entry != nil && entry.IsDir() {
			return fs.SkipDir
		}
		return nil
	case err != nil:
		return err
	case entry.IsDir():
		if base := entry.Name(); name != f.root && (base == ".git" || base == "node_modules" || base == "vendor") {
			return fs.SkipDir
		}
		f.folders = append(f.folders, name)
	case entry.Type().IsRegular() && configName.MatchString(entry.Name()):
		f.configs = append(f.configs, name)
		f.configured[filepath.Dir(name)] = true
	}
	return nil
}

func (f *finder) skip(name string, err error) {
	f.skipped = append(f.skipped, Skipped{Path: f.relative(name), Reason: err.Error()})
}

func (f *finder) relative(name string) string {
	relative, err := filepath.Rel(f.root, name)
	if err != nil {
		return name
	}
	return filepath.ToSlash(relative)
}

// read makes units of a configuration's blocks.
func (f *finder) read(config string) {
	data, err := os.ReadFile(config)
	if err != nil {
		f.skip(config, err)
		return
	}
	blocks, err := readSettings(data)
	if errors.Is(err, errOtherEngine) {
		return
	}
	if err != nil {
		f.skip(config, err)
		return
	}
	name := f.relative(filepath.Dir(config))
	if base := filepath.Base(config); strings.TrimSuffix(base, filepath.Ext(base)) != "sqlc" {
		name = f.relative(config)
	}
	for n, block := range blocks {
		unit := name
		if n > 0 {
			unit = fmt.Sprintf("%s#%d", name, n+1)
		}
		f.add(unit, filepath.Dir(config), block)
	}
}

// add makes a unit of a block, when its files can be read.
func (f *finder) add(name, dir string, s settings) {
	u := &Unit{Name: name, settings: s}
	var err error
	if u.schema, err = f.files(dir, s.schema); err == nil {
		u.queries, err = f.files(dir, s.queries)
	}
	switch {
	case err != nil:
		f.skipped = append(f.skipped, Skipped{Path: name, Reason: err.Error()})
	case len(u.named()) == 0:
		f.skipped = append(f.skipped, Skipped{Path: name, Reason: "it has no named query"})
	default:
		key := u.key()
		if first := f.seen[key]; first != "" {
			f.skipped = append(f.skipped, Skipped{Path: name, Reason: "it is the same as " + first})
			return
		}
		f.seen[key] = name
		f.units = append(f.units, u)
	}
}

// files returns the files that paths of a configuration mean: those of a folder in
// their alphabetical order, without golang-migrate's downs.
func (f *finder) files(dir string, paths []string) ([]sqlFile, error) {
	var names []string
	for _, given := range paths {
		full := filepath.Join(dir, filepath.FromSlash(given))
		if strings.ContainsAny(given, "*?[]") {
			matches, err := filepath.Glob(full)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", given, err)
			}
			names = append(names, matches...)
			continue
		}
		names = append(names, full)
	}
	var all []sqlFile
	for _, name := range names {
		if relative := f.relative(name); strings.HasPrefix(relative, "../") {
			return nil, fmt.Errorf("%s lies outside the corpus", relative)
		}
		expanded := []string{name}
		info, err := os.Stat(name)
		if err != nil {
			return nil, fmt.Errorf("there is no %s", f.relative(name))
		}
		if info.IsDir() {
			if expanded, err = filepath.Glob(filepath.Join(escape(name), "*")); err != nil {
				return nil, fmt.Errorf("%s: %w", f.relative(name), err)
			}
		}
		for _, file := range expanded {
			base := filepath.Base(file)
			if !strings.HasSuffix(base, ".sql") || strings.HasPrefix(base, ".") || strings.HasSuffix(base, ".down.sql") {
				continue
			}
			if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
				return nil, fmt.Errorf("%s is no file that can be read", f.relative(file))
			}
			read, err := readFile(f.root, file)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.relative(file), err)
			}
			all = append(all, read)
		}
	}
	return all, nil
}

// escape makes a path a pattern that matches it alone.
func escape(name string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(name)
}

// otherEngines are the names of folders whose SQL is surely not SQLite's.
var otherEngines = []string{"clickhouse", "googlesql", "mssql", "mysql", "pgx", "postgres", "postgresql"}

// guess makes a unit of a folder without a configuration that is laid out like those of
// projects with one.
func (f *finder) guess(dir string) {
	for covered := dir; strings.HasPrefix(covered, f.root); covered = filepath.Dir(covered) {
		if f.configured[covered] {
			return
		}
		if covered == f.root {
			break
		}
	}
	if slices.Contains(otherEngines, strings.ToLower(filepath.Base(dir))) {
		return
	}
	has := func(names ...string) string {
		for _, name := range names {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				return name
			}
		}
		return ""
	}
	schema, queries := has("schema.sql", "schema", "migrations"), has("query.sql", "queries.sql", "queries", "query")
	if schema == "" || queries == "" {
		return
	}
	before := len(f.units)
	f.add(f.relative(dir), dir, settings{schema: []string{schema}, queries: []string{queries}, options: map[string]any{"package": "db"}})
	for _, u := range f.units[before:] {
		u.guessed = true
	}
}
