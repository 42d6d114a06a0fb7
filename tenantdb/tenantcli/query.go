package tenantcli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/fleet"
)

// formats are the ways in which rows are printed.
var formats = []string{"table", "csv", "jsonl"}

func (t *tool) query() *cobra.Command {
	var whom selecting
	format, maxFailures := "", 0
	var given []string
	cmd := &cobra.Command{
		Use:   "query SQL [ID...]",
		Short: "Ask one question of all tenants",
		Long: `Query runs one statement that only reads on each tenant that is meant, and prints the rows with the
tenant's ID first, in the order of IDs: as a table, as CSV, or with --json as one object a line.
What writes, ATTACH, PRAGMA and the like are refused. Nothing is migrated: each tenant is read by the
schema that it has, while it is used. Tenants that fail are named, and cost the others nothing.

A ? in the statement stands for the --arg of that place, which is a text.

Exit codes: 0; 2 the statement is refused; 3 some tenants failed.`,
		Example: "  query 'SELECT count(*) AS modules FROM modules'\n  query --csv 'SELECT key, value FROM config WHERE key = ?' --arg plan\n  query 'SELECT * FROM modules' acme globex --json",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return t.completeTenants(cmd, nil, begun)
		},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("%s needs a statement (see %s --help)", cmd.CommandPath(), cmd.CommandPath())
			}
			return nil
		},
	}
	whom.flags(cmd)
	csv := false
	cmd.Flags().StringVar(&format, "format", "", "how rows are printed: `table`, csv or jsonl (default: table)")
	cmd.Flags().BoolVar(&csv, "csv", false, "the same as --format csv")
	cmd.Flags().StringArrayVar(&given, "arg", nil, "a `text` for a ? of the statement; may be given again")
	cmd.Flags().IntVar(&maxFailures, "max-failures", 0, "stop when so many have failed (default: never)")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		o := fleet.Options{Workers: whom.workers, MaxFailures: maxFailures}
		if o.Select, err = whom.read(cmd, args[1:]); err != nil {
			return err
		}
		if maxFailures < 0 {
			return usage("--max-failures is a number of tenants")
		}
		if err := oneOf("--format", format, formats); err != nil {
			return err
		}
		if said := format; csv && t.json || said != "" && (csv && said != "csv" || t.json && said != "jsonl") {
			return usage("--format, --csv and --json say different things; give one")
		}
		switch {
		case csv:
			format = "csv"
		case t.json:
			format = "jsonl"
		case format == "":
			format = "table"
		}
		values := make([]any, len(given))
		for i, text := range given {
			values[i] = text
		}
		return t.run(cmd, toLook, func(ctx context.Context, s *session) error {
			return s.ask(ctx, o, format, args[0], values)
		})
	}
	return cmd
}

// ask prints what the tenants answer.
func (s *session) ask(ctx context.Context, o fleet.Options, format, sql string, args []any) error {
	o.Catalog = s.catalog
	progress := s.progress("asking", -1)
	defer progress.end()
	done := 0
	o.Progress = func(p fleet.Progress) {
		done = p.Done
		progress.says("asking " + speed(p))
		progress.at(int64(p.Done), int64(p.Total))
	}
	out := newRowWriter(progress.over(s.cmd.OutOrStdout()), format)
	var c count
	for row, err := range s.tenants.query(ctx, o, sql, args) {
		switch {
		case err == nil:
			err = out.write(row)
		case !row.Tenant.IsZero():
			progress.clear()
			s.failed(&c, err)
			continue
		}
		if err != nil {
			return s.cut(err, out, &c)
		}
	}
	progress.end()
	if err := out.end(); err != nil {
		return err
	}
	c.good = max(done-c.bad, 0)
	return c.result()
}

// cut ends an asking before all have answered. What they have said until then is printed.
func (s *session) cut(err error, out *rowWriter, c *count) error {
	if printing := out.end(); printing != nil {
		return printing
	}
	if errors.Is(err, fleet.ErrStopped) {
		return &codedError{ExitPartial, fmt.Errorf("stopped: %d failed, the others behind them were not asked", c.bad)}
	}
	return usageOf(err)
}
