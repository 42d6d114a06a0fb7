package grow

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

// Project is what a configuration says.
type Project struct {
	Root   string // the folder of the configuration
	Name   string // the configuration's name in it
	Blocks []config.Block
}

// Open reads a configuration. The error is a [*problem.Found] if it is wrong.
func Open(file string) (*Project, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	p := &Project{Root: filepath.Dir(file), Name: filepath.Base(file)}
	blocks, problems := config.Parse(p.Name, data)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	p.Blocks = blocks
	return p, nil
}

// Block returns the block of a package's name or, without a name, the only one or
// the only one of tenants.
func (p *Project) Block(name string) (config.Block, error) {
	fits := func(b config.Block) bool { return b.Package == name }
	if name == "" {
		fits = func(b config.Block) bool { return b.Kind == config.Tenant || len(p.Blocks) == 1 }
	}
	var found []config.Block
	var known []string
	for _, b := range p.Blocks {
		known = append(known, b.Package)
		if fits(b) {
			found = append(found, b)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case name == "":
		return config.Block{}, spec("name the package that it is for with --block: %s has %s", p.Name, strings.Join(known, ", "))
	case len(found) > 1:
		return config.Block{}, spec("--block %s: more than one package of %s is called so", name, p.Name)
	}
	return config.Block{}, spec("--block %s: %s has no such package, but %s", name, p.Name, strings.Join(known, ", "))
}

// folderOf returns the one folder that new files of a block go to, relative to the root and with
// slashes. Entries may name it, or be a pattern of its files.
func (p *Project) folderOf(entries []string, what string) (string, error) {
	var folders []string
	for _, entry := range entries {
		folder := path.Clean(entry)
		if strings.ContainsAny(path.Base(folder), "*?[") {
			folder = path.Dir(folder)
		} else if strings.HasSuffix(folder, ".sql") {
			return "", fmt.Errorf("%s names the file %s, so new %s beside it would not be read: name the folder", p.Name, entry, what)
		}
		if !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	if len(folders) != 1 || strings.ContainsAny(folders[0], "*?[") {
		return "", fmt.Errorf("%s has no one folder for new %s, but %s: write them by hand", p.Name, what, strings.Join(entries, ", "))
	}
	return folders[0], nil
}

// MigrationsOf returns the folder of a block's migrations.
func (p *Project) MigrationsOf(block config.Block) (string, error) {
	folder, err := p.folderOf(block.Schema, "migrations")
	if err != nil {
		return "", err
	}
	return p.path(folder), nil
}

// path returns where a file of the project is.
func (p *Project) path(name string) string { return filepath.Join(p.Root, filepath.FromSlash(name)) }
