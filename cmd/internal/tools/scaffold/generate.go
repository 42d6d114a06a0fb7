package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/silokit/silo/cmd/internal/scaffold"
)

// generate makes the reference service anew, and templates of what is generated in it.
func generate(ctx context.Context, checkout string, toolkit scaffold.Toolkit) error {
	reference := filepath.Join(checkout, filepath.FromSlash(scaffold.ReferenceDir))
	if err := os.RemoveAll(reference); err != nil {
		return err
	}
	files, err := scaffold.Reference(os.DirFS(filepath.Join(checkout, "templates")), toolkit)
	if err != nil {
		return err
	}
	for _, file := range files {
		if scaffold.IsGenerated(file.Path) {
			continue
		}
		if err := write(reference, file.Path, file.Contents); err != nil {
			return err
		}
	}
	in := "./" + scaffold.ReferenceDir
	for _, command := range [][]string{
		{"go", "run", "./cmd/silo", "generate", "--file", in + "/sqlc.yaml"},
		{"go", "tool", "wire", "gen", in + "/internal/app", in + "/internal/httpapi"},
	} {
		if err := execute(ctx, checkout, command...); err != nil {
			return err
		}
	}
	module := "github.com/silokit/silo/" + scaffold.ReferenceDir
	return eachFile(reference, func(file scaffold.File) error {
		if !scaffold.IsGenerated(file.Path) {
			return nil
		}
		made := scaffold.Template(file, module, toolkit)
		return write(checkout, "templates/service/common/"+made.Path, made.Contents)
	})
}
