package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/silokit/silo/cmd/internal/scaffold"
)

// The module files before go mod tidy has filled them in. What keeps tidy from fetching the
// pprof that SQLite's tests want is in Silo's own go.mod, too.
const (
	begin = "\n\ngo 1.26.0\n\nexclude github.com/google/pprof v0.0.0-20261016150608-1facf8f91b50\n\nrequire github.com/silokit/silo v0.0.0\n"
	tools = "\ntool (\n\tgithub.com/google/wire/cmd/wire\n\tgithub.com/silokit/silo/cmd/silo\n)\n"
)

// tidy makes a service with a resolver in a temporary folder, and templates, in a folder of the
// checkout, of its module files once they are tidy. Those of the tools do not depend on the
// resolver.
func tidy(ctx context.Context, checkout, into string, resolver scaffold.Resolver, toolkit scaffold.Toolkit) (err error) {
	const module = "example.com/reference"
	dir, err := os.MkdirTemp("", "silo-scaffold-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	files, err := scaffold.RenderFrom(os.DirFS(filepath.Join(checkout, "templates")), scaffold.Service{Name: "reference", Module: module, Resolver: resolver, Toolkit: toolkit})
	if err != nil {
		return err
	}
	for _, file := range files {
		if scaffold.IsModuleFile(file.Path) {
			continue
		}
		if err := write(dir, file.Path, file.Contents); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{
		"go.mod":       "module " + module + begin + toolkit.Replace(),
		"tools/go.mod": "module " + module + "/tools" + begin + tools + toolkit.Replace(),
	} {
		if err := write(dir, name, []byte(text)); err != nil {
			return err
		}
	}
	made := []string{"go.mod", "go.sum", "tools/go.mod", "tools/go.sum"}
	if resolver != scaffold.APIKey {
		made = made[:1] // the others are the same, whose tests say so
	}
	for _, name := range made {
		if strings.HasSuffix(name, "go.mod") {
			if err := execute(ctx, filepath.Dir(filepath.Join(dir, name)), "go", "mod", "tidy"); err != nil {
				return err
			}
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		template := scaffold.Template(scaffold.File{Path: name, Contents: text}, module, toolkit)
		if err := write(checkout, into+"/"+template.Path, template.Contents); err != nil {
			return err
		}
	}
	return nil
}
