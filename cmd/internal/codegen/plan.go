package codegen

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/silokit/silo/cmd/internal/codegen/config"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// Options says what to generate from.
type Options struct {
	// Config is the path of sqlc.yaml. The paths in it start from its folder.
	Config string

	// Self is the path of the running program. It is run as sqlc, by [ChildArg], and
	// by sqlc as its plugin, by [plugin.Method].
	Self string

	// Strict makes errors of the warnings.
	Strict bool
}

// Plan is what a project's generated files should be.
type Plan struct {
	root   string
	outs   []string
	former []string // the outs of the run before that are none now
	keep   keeping
	disk   disk

	// Files are sorted by package, in the order of sqlc.yaml, and by path.
	Files []File

	// Warnings are what keeps nothing from being written.
	Warnings []problem.Problem
}

// NewPlan generates in memory. When the input has problems the error is a
// [*problem.Found] that holds all that were found. Cancelling ctx stops it, and sqlc.
func NewPlan(ctx context.Context, options Options) (*Plan, error) {
	file, err := filepath.Abs(options.Config)
	if err != nil {
		return nil, fmt.Errorf("codegen: %w", err)
	}
	data, err := os.ReadFile(file)
	switch {
	case err != nil && isFolder(file):
		return nil, fmt.Errorf("codegen: %s is a folder: name the configuration in it with -f", options.Config)
	case err != nil:
		return nil, fmt.Errorf("codegen: %w: name the configuration with -f", err)
	}
	root, name := filepath.Dir(file), filepath.Base(file)
	configs, problems := config.Parse(name, data)
	g := &generation{root: root, file: name, self: options.Self, unread: problems.Len() > 0}
	for _, c := range configs {
		b, found := load(root, name, c)
		g.blocks = append(g.blocks, b)
		g.problems.Append(found)
	}
	g.sameFolders()
	g.problems.Append(problems)
	plan, err := g.plan(ctx, file, data)
	if err != nil {
		return nil, err
	}
	if options.Strict {
		g.problems.Strict()
	}
	if err := g.problems.Err(); err != nil {
		return nil, err
	}
	plan.Warnings = g.problems.Warnings()
	return plan, nil
}
