package grow

import (
	"path/filepath"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

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
