package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// configNames are the names of the file that says what to generate: sqlc's own, in
// its order.
var configNames = []string{"sqlc.yaml", "sqlc.yml", "sqlc.json"}

// newGenerate returns the command silo generate.
func newGenerate() *cobra.Command {
	var g generate
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Generate typed Go from schema and queries",
		Long: `Generate reads sqlc.yaml, runs the migrations on an in-memory SQLite, checks every
query against it, and writes one Go package for each block with plugin: silo.

Without -f it looks for sqlc.yaml in the current folder and in those above it, up to
the one that holds go.mod. Nothing is written unless every query is right.

Where a type cannot be told, a query says it with CAST, or in a comment above itself:
  -- @param name type        type: integer, real, text, blob, boolean, datetime or
  -- @column name type       json, and not null or null behind it, or alone
Where reading a whole table is meant, it says so too:
  -- @scan ok

What may go wrong in production is a warning, and an error with --strict.

All paths are printed as seen from the current folder, in JSON too.

Exit codes: 0 done, 1 a query or file is wrong, 2 wrong call, 4 stale (--check).`,
		Example: `  silo generate
  silo generate --check --strict  # in CI: list what is stale, write nothing
  //go:generate go tool -modfile=tools/go.mod silo generate     # in the root folder
  //go:generate go tool -modfile=../tools/go.mod silo generate  # in a folder below it`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.run(cmd) },
	}
	cmd.Flags().StringVarP(&g.config, "file", "f", "", "the configuration (default: sqlc.yaml here or above)")
	cmd.Flags().BoolVar(&g.check, "check", false, "write nothing; list files that are not as they should be, and exit with 4 if there are any")
	cmd.Flags().BoolVar(&g.strict, "strict", false, "take warnings for errors")
	cmd.Flags().BoolVar(&g.json, "json", false, "print JSON")
	return cmd
}

// generate is one call of the command.
type generate struct {
	config      string
	check, json bool
	strict      bool
}

// report is what silo generate --json prints. Its paths start from the current folder,
// as those of all that is printed.
type report struct {
	Files    []codegen.Change  `json:"files"`
	Problems []problem.Problem `json:"problems"`
}

// run generates, or looks what that would change, and prints what came of it.
func (g *generate) run(cmd *cobra.Command) error {
	config, err := findConfig(g.config)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	plan, changes, err := g.generate(cmd.Context(), codegen.Options{Config: config, Self: self, Strict: g.strict})
	if err != nil && plan == nil && cmd.Context().Err() != nil {
		return errInterrupted
	}
	root := relative(filepath.Dir(config))
	var found *problem.Found
	var warnings []problem.Problem
	if plan != nil {
		warnings = located(slices.Concat(g.passedOver(config), plan.Warnings), root)
	}
	if errors.As(err, &found) {
		return g.printErrors(cmd, slices.Concat(located(found.Problems, root), warnings))
	}
	printProblems(cmd.ErrOrStderr(), warnings)
	if err != nil {
		return err
	}
	for i := range changes {
		changes[i].Path = fromHere(changes[i].Path, root)
	}
	return g.printChanges(cmd.OutOrStdout(), changes, warnings)
}

// passedOver warns of configurations beside the one that was found: who edits another
// would wonder.
func (g *generate) passedOver(config string) []problem.Problem {
	if g.config != "" {
		return nil
	}
	var found []problem.Problem
	for _, name := range configNames {
		if taken := filepath.Base(config); name != taken && exists(filepath.Join(filepath.Dir(config), name)) {
			found = append(found, problem.Problem{
				File: name, Severity: problem.Warning, Message: taken + " is read, and not this file: remove one of the two, or name one with -f",
			})
		}
	}
	return found
}

// generate makes a plan and carries it out, or looks what that would change.
func (g *generate) generate(ctx context.Context, options codegen.Options) (*codegen.Plan, []codegen.Change, error) {
	if !g.check {
		return codegen.Generate(ctx, options)
	}
	plan, err := codegen.NewPlan(ctx, options)
	if err != nil {
		return nil, nil, err
	}
	changes, err := plan.Compare()
	return plan, changes, err
}

// located returns problems with paths from the current folder on, so that an editor
// finds them.
func located(problems []problem.Problem, root string) []problem.Problem {
	problems = append([]problem.Problem{}, problems...)
	for i := range problems {
		problems[i].File = fromHere(problems[i].File, root)
	}
	return problems
}

// fromHere returns a path of the project as seen from the current folder, from which its
// root is seen as root.
func fromHere(name, root string) string { return filepath.Join(root, filepath.FromSlash(name)) }

// printErrors prints what keeps files from being written.
func (g *generate) printErrors(cmd *cobra.Command, problems []problem.Problem) error {
	// Warnings wait: nobody reads them while something is wrong.
	errorsOnly := slices.DeleteFunc(slices.Clone(problems), func(p problem.Problem) bool { return p.Severity == problem.Warning })
	printProblems(cmd.ErrOrStderr(), errorsOnly)
	if g.json {
		if err := printJSON(cmd.OutOrStdout(), report{Files: []codegen.Change{}, Problems: problems}); err != nil {
			return err
		}
	}
	return errPrinted
}

// printChanges prints the files that were, or with --check would be, changed.
func (g *generate) printChanges(w io.Writer, changes []codegen.Change, warnings []problem.Problem) error {
	drift := false
	for _, change := range changes {
		if change.State == codegen.Fresh {
			continue
		}
		drift = true
		if g.json {
			continue
		}
		if _, err := fmt.Fprintf(w, "%s %s\n", g.word(change.State), change.Path); err != nil {
			return err
		}
	}
	if g.json {
		out := report{Files: changes, Problems: warnings}
		if err := printJSON(w, out); err != nil {
			return err
		}
	}
	if drift && g.check {
		return errDrift
	}
	return nil
}

// word is what is printed of a file.
func (g *generate) word(state codegen.State) string {
	switch {
	case g.check:
		return string(state)
	case state == codegen.Surplus:
		return "removed"
	default:
		return "wrote"
	}
}

// findConfig returns the path of the configuration: the given one, or sqlc.yaml in the
// current folder or the nearest above it, up to the root of the module.
func findConfig(given string) (string, error) {
	if given != "" && !exists(given) {
		return "", usageError{fmt.Errorf("there is no file %s: name the configuration with -f", given)}
	}
	if given != "" {
		return given, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	config, ok := configAbove(dir)
	if !ok {
		return "", fmt.Errorf("there is no %s in %s or above it: name one with -f", configNames[0], dir)
	}
	return config, nil
}

// configAbove returns the configuration in a folder, which is absolute, or above it up to that of go.mod.
func configAbove(dir string) (config string, ok bool) {
	for ; ; dir = filepath.Dir(dir) {
		for _, name := range configNames {
			if config := filepath.Join(dir, name); exists(config) {
				return config, true
			}
		}
		if exists(filepath.Join(dir, "go.mod")) || dir == filepath.Dir(dir) {
			return "", false
		}
	}
}

// exists reports whether there is something of a name, be it unreadable.
func exists(name string) bool {
	_, err := os.Stat(name)
	return !errors.Is(err, fs.ErrNotExist)
}

// relative returns a folder as seen from the current one, or as it is.
func relative(dir string) string {
	here, err := os.Getwd()
	if err != nil {
		return dir
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	seen, err := filepath.Rel(here, absolute)
	if err != nil {
		return dir
	}
	return seen
}
