package dev

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path"
	"strings"
)

// Mains returns the import paths of the programs in a module, by the folder of its go.mod. Code that is broken
// does not hide them.
func Mains(ctx context.Context, module string) ([]string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-e", "-f", `{{if eq .Name "main"}}{{.ImportPath}}{{end}}`, "./...")
	cmd.Dir = module
	var output, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &complaints
	if err := run(ctx, cmd, tidying); err != nil {
		return nil, fmt.Errorf("go list in %s: %w: %s", module, err, strings.TrimSpace(complaints.String()))
	}
	return strings.Fields(output.String()), nil
}

// programName returns what the program of a package is called, which is the last part of its import path. It is an error if
// the package is no program, unless its code is so broken that this cannot be told.
func programName(ctx context.Context, pkg string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-e", "-f", "{{.Name}} {{.ImportPath}}", pkg)
	var output, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &complaints
	if err := run(ctx, cmd, tidying); err != nil {
		return "", fmt.Errorf("go list %s: %w: %s", pkg, err, strings.TrimSpace(complaints.String()))
	}
	name, importPath, _ := strings.Cut(strings.TrimSpace(output.String()), " ")
	if name != "" && name != "main" {
		return "", fmt.Errorf("%s is no program but package %s: name a package main", importPath, name)
	}
	return path.Base(importPath), nil
}
