package codegen

import (
	"path"
	"path/filepath"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// checkCycle refuses types of the generated package itself, which it cannot import.
func (b *block) checkCycle(root, file string, problems *problem.List) {
	folder := filepath.Join(root, filepath.FromSlash(b.Out))
	mod, ok := goModuleOf(folder)
	if !ok || b.Out == "" {
		return
	}
	relative, err := filepath.Rel(mod.dir, folder)
	if err != nil {
		return
	}
	own := path.Join(mod.path, filepath.ToSlash(relative))
	for _, o := range b.Options.Overrides {
		if o.GoType.Import == own {
			problems.Add(file, o.Line, "go_type: %s is of the generated package %s itself, which cannot import itself: put the type in another package", o.GoType.Name, own)
		}
	}
}
