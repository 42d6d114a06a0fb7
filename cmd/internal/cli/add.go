package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/cmd/internal/grow"
)

// newAdd returns the command silo add.
func newAdd() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "add",
		Short:   "Add a table to a project",
		Example: "  silo add table notes title:text due:time:null",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAddTable())
	return cmd
}

// newAddTable returns the command silo add table.
func newAddTable() *cobra.Command {
	var a addTable
	cmd := &cobra.Command{
		Use:   "table NAME COLUMN:TYPE[:OPTION]...",
		Short: "Write a migration and queries for a new table, and generate",
		Long: `Table writes a migration that makes a table and a file of queries that create, get, list,
update and delete its rows, and runs silo generate. Both are plain files, to be edited.

Types:   text, int, real, bool, blob, time, json, and references=TABLE or TABLE.COLUMN,
         the type of which is that of the column it refers to
Options: null (it may be NULL), unique, index (rows are listed by it), and of
         references cascade (a row goes with the one that it refers to)

Each table has an id, a number unless id:text is given, created_at and updated_at. It is
STRICT if all others are. No file that exists is edited: if the table is there, with the
same columns, types and options, nothing is done. If generating fails, what was written is
removed.

Exit codes: 0 added or there, 1 error, or there with other columns, 2 wrong call.`,
		Example: `  silo add table projects name:text:unique
  silo add table notes project_id:references=projects:cascade title:text done:bool
  silo add table plans id:text price_cents:int --block global --dry-run`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 {
				return exactArgs("a name", "its columns")(cmd, args)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.run(cmd, args[0], args[1:]) },
	}
	cmd.ValidArgsFunction = completeColumn
	a.flags(cmd)
	return cmd
}

// addTable is one call of the command.
type addTable struct{ growing }

// addTableRecord is what silo add table --json prints.
type addTableRecord struct {
	Block  string            `json:"block"`
	Table  string            `json:"table"`
	DryRun bool              `json:"dry_run"`
	Result string            `json:"result"`
	Files  []addTableFile    `json:"files"`
	Notes  []string          `json:"notes"`
	Found  []problem.Problem `json:"problems"`
}

// addTableFile is a file that was, or would be, written.
type addTableFile struct {
	Path string  `json:"path"`
	Text *string `json:"text,omitempty"` // in a dry run
}

func (a *addTable) run(cmd *cobra.Command, table string, columns []string) error {
	config, err := findConfig(a.config)
	if err != nil {
		return err
	}
	root := relative(filepath.Dir(config))
	project, err := grow.Open(config)
	if err != nil {
		return explained(cmd, root, err)
	}
	planned, err := project.Plan(cmd.Context(), grow.Request{Table: table, Columns: columns, Block: a.block, Now: time.Now()})
	if err != nil {
		return explained(cmd, root, wrongCall(err))
	}
	record := addTableRecord{
		Block: planned.Block, Table: planned.Table, DryRun: a.dryRun, Result: "created",
		Files: []addTableFile{}, Notes: append([]string{}, planned.Notes...), Found: []problem.Problem{},
	}
	switch {
	case len(planned.Files) == 0:
		record.Result = "unchanged"
	case a.dryRun:
		for _, file := range planned.Files {
			record.Files = append(record.Files, addTableFile{fromHere(file.Path, root), &file.Text})
		}
	default:
		if err := a.write(cmd.Context(), config, root, planned, &record); err != nil {
			return undone(cmd, root, err)
		}
	}
	printProblems(cmd.ErrOrStderr(), record.Found)
	return a.print(cmd, record)
}

// write adds the table, and completes the record.
func (a *addTable) write(ctx context.Context, config, root string, planned *grow.Addition, record *addTableRecord) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var generated []addTableFile
	err = planned.Write(ctx, func(ctx context.Context) error {
		plan, changes, err := codegen.Generate(ctx, codegen.Options{Config: config, Self: self})
		if err != nil {
			return err
		}
		record.Found = located(plan.Warnings, root)
		for _, change := range changes {
			if change.State != codegen.Fresh && change.State != codegen.Surplus {
				generated = append(generated, addTableFile{Path: fromHere(change.Path, root)})
			}
		}
		return nil
	})
	for _, file := range planned.Files {
		record.Files = append(record.Files, addTableFile{Path: fromHere(file.Path, root)})
	}
	record.Files = append(record.Files, generated...)
	return err
}

// print prints what was, or would be, done.
func (a *addTable) print(cmd *cobra.Command, record addTableRecord) error {
	out := cmd.OutOrStdout()
	if a.json {
		return printJSON(out, record)
	}
	for _, file := range record.Files {
		if file.Text == nil {
			fmt.Fprintln(out, "wrote", file.Path)
		} else {
			fmt.Fprintf(out, "would write %s\n\n%s\n", file.Path, *file.Text)
		}
	}
	if record.Result == "unchanged" {
		fmt.Fprintf(out, "table %s is there: nothing to do\n", record.Table)
	}
	for _, note := range record.Notes {
		fmt.Fprintln(cmd.ErrOrStderr(), note)
	}
	return nil
}

// explained prints the problems that an error holds, if it does.
func explained(cmd *cobra.Command, root string, err error) error {
	var found *problem.Found
	if !errors.As(err, &found) {
		return err
	}
	errorsOnly := slices.DeleteFunc(located(found.Problems, root), func(p problem.Problem) bool { return p.Severity == problem.Warning })
	printProblems(cmd.ErrOrStderr(), errorsOnly)
	return errPrinted
}

// undone is explained for an error after which files were removed again, which is said too.
func undone(cmd *cobra.Command, root string, err error) error {
	var u *grow.UndoneError
	if !errors.As(err, &u) || !errors.Is(explained(cmd, root, err), errPrinted) {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "silo: the table was not added: %s\n", u.Undone())
	return errPrinted
}
