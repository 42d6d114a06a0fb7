package codegen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// checkVariable looks whether the variable that embeds the migrations is there, and
// what its package is called. It says nothing where it cannot know: the package is of another module, or its code
// does not parse at the moment.
func (b *block) checkVariable(root, file string, problems *problem.List) {
	if b.ImportPath == "" {
		return // a problem says so already
	}
	at := b.MigrationsAt
	mod, ok := goModuleOf(filepath.Join(root, filepath.FromSlash(b.Out)))
	if !ok {
		return
	}
	dir, ok := mod.folder(b.ImportPath)
	if !ok {
		if !mod.reaches(b.ImportPath) {
			problems.WarnAt(file, at.Line, at.Column, "migrations: package %s is neither of this module, %s, nor of one that go.mod requires, so what is generated would not compile: correct the path, or go get it",
				b.ImportPath, mod.path)
		}
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		problems.AddAt(file, at.Line, at.Column, "migrations: there is no package %s in %s: write a Go file there with an exported embed.FS called %s, and //go:embed in front of it",
			b.ImportPath, displayed(root, dir), b.Variable)
		return
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, entry.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			return
		}
		if declares(parsed, b.Variable) {
			b.schemaName = parsed.Name.Name
			return
		}
	}
	problems.AddAt(file, at.Line, at.Column, "migrations: package %s in %s has no variable %s: declare it as an embed.FS there, with //go:embed in front of it",
		b.ImportPath, displayed(root, dir), b.Variable)
}

// declares reports whether a file declares a variable of the package.
func declares(file *ast.File, name string) bool {
	for _, declaration := range file.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok || general.Tok != token.VAR {
			continue
		}
		for _, spec := range general.Specs {
			value, ok := spec.(*ast.ValueSpec)
			if ok && slices.ContainsFunc(value.Names, func(n *ast.Ident) bool { return n.Name == name }) {
				return true
			}
		}
	}
	return false
}

// displayed writes a folder as seen from that of sqlc.yaml.
func displayed(root, dir string) string {
	relative, err := filepath.Rel(root, dir)
	if err != nil {
		return dir
	}
	return filepath.ToSlash(relative)
}
