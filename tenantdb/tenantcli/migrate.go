package tenantcli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// migrate returns the command of that name, with those below it.
func (t *tool) migrate() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:     "migrate",
		Short:   "Run migrations on many tenants, and say who is behind",
		Example: "  migrate status\n  migrate up --canary 3 --max-failures 10\n  migrate up --resume",
	})
	cmd.AddCommand(t.migrateStatus(), t.migrateUp(), t.migrateDown(), t.migrateRedo(), t.migrateRuns())
	return cmd
}

// migration is a call of a command that runs migrations.
type migration struct {
	w       writing
	whom    selecting
	options fleet.MigrateOptions
	resume  bool
	doing   string // what is said while it is done
	again   string // the command that resumes it
}

func (m *migration) flags(cmd *cobra.Command) {
	m.w.dryRunFlag(cmd)
	m.whom.flags(cmd)
	flags := cmd.Flags()
	flags.IntVar(&m.options.MaxFailures, "max-failures", 0, "stop when so many have failed (default: never)")
	flags.DurationVar(&m.options.Wait, "wait", 0, "how long a tenant's writers may take (default: 10m)")
	flags.BoolVar(&m.resume, "resume", false, "go on with the last run, and with what failed")
}

// read reads the call's arguments and flags.
func (m *migration) read(cmd *cobra.Command, args []string) (err error) {
	m.options.Workers = m.whom.workers
	if m.options.Select, err = m.whom.read(cmd, args); err != nil {
		return err
	}
	if m.options.MaxFailures < 0 || m.options.Canaries < 0 {
		return usage("--max-failures and --canary are numbers of tenants")
	}
	if m.options.Wait < 0 {
		return usage("--wait is %v", m.options.Wait)
	}
	if m.w.dryRun {
		m.options.On = tenantdb.OnCopy
	}
	if !m.resume {
		return nil
	}
	for _, flag := range []string{"match", "except", "label", "tenants", "dry-run"} {
		if cmd.Flags().Changed(flag) {
			return usage("--resume goes on with the tenants of the last run; --%s is for a new one", flag)
		}
	}
	if len(args) > 0 {
		return usage("--resume goes on with the tenants of the last run; IDs are for a new one")
	}
	m.options.Resume = fleet.ResumeLast
	return nil
}

// runMigration makes the run, prints what becomes of each tenant, and says how it ended.
func (s *session) runMigration(ctx context.Context, m *migration, run func(context.Context, fleet.MigrateOptions) (catalog.Run, error)) error {
	progress := s.progress(m.doing, -1)
	defer progress.end()
	var c count
	var printing error
	m.options.Result = func(r fleet.Result) {
		c.note(r.Err)
		if r.Result == catalog.ResultCurrent || printing != nil {
			return
		}
		progress.clear()
		record := migratedOf(r, &m.w)
		if r.Err != nil {
			PrintError(s.cmd.ErrOrStderr(), s.cmd.Root().Name(), s.advise(ctx, r.Err))
		}
		printing = s.print(record, record.text(&s.terminal))
	}
	m.options.Progress = func(p fleet.Progress) {
		progress.says(m.doing + " " + speed(p))
		progress.at(int64(p.Done), int64(p.Total))
	}
	done, err := run(ctx, m.options)
	progress.end()
	if errors.Is(err, errPaused) {
		return &codedError{ExitPending, fmt.Errorf("paused after the canaries; %s goes on", m.again)}
	}
	if err := errors.Join(printing, s.ended(m, done, &c)); err != nil {
		return err
	}
	var partial *fleet.PartialError
	switch {
	case ctx.Err() != nil:
		return &codedError{ExitError, fmt.Errorf("interrupted: %d are done; %s goes on", c.good, m.again)}
	case errors.As(err, &partial) && m.w.dryRun:
		return &codedError{ExitPartial, fmt.Errorf("%d of %d would fail", len(partial.Failed), c.good+c.bad+partial.Left)}
	case errors.As(err, &partial):
		return &codedError{ExitPartial, errors.New(partialText(partial, &c, m.again))}
	}
	return usageOf(err)
}

func partialText(partial *fleet.PartialError, c *count, again string) string {
	text := fmt.Sprintf("%d of %d failed", len(partial.Failed), c.good+c.bad+partial.Left)
	if partial.Left > 0 {
		text += fmt.Sprintf(", %d were not tried", partial.Left)
	}
	return text + "; mend what is said of them, then " + again
}

// ended says on standard error how a run ended.
func (s *session) ended(m *migration, run catalog.Run, c *count) error {
	if s.json || run.Outcome == "" { // or it was none
		return nil
	}
	text := fmt.Sprintf("run %d, %s: %s", run.ID, run.Outcome, countsText(run.Counts))
	if m.w.dryRun {
		text = fmt.Sprintf("of %d copies %d failed; nothing was changed", c.good+c.bad, c.bad)
	}
	_, err := fmt.Fprintln(s.cmd.ErrOrStderr(), text)
	return err
}

// speed says how fast something goes and how long it takes yet.
func speed(p fleet.Progress) string {
	text := fmt.Sprintf("%.0f/s", p.Rate)
	if p.Left > 0 {
		text += ", " + p.Left.Round(time.Second).String() + " left"
	}
	if p.Failed > 0 {
		text += fmt.Sprintf(", %d failed", p.Failed)
	}
	return text
}

// errPaused ends a run after its canaries.
var errPaused = errors.New("paused after the canaries")

func (t *tool) migrateUp() *cobra.Command {
	m := migration{doing: "migrating"}
	pause := false
	cmd := &cobra.Command{
		Use:   "up [ID...]",
		Short: "Run the pending migrations, while the tenants are used",
		Long: `Up runs the pending migrations of all tenants that are meant: those that are active or suspended,
or the IDs, of which --match, --except and --label leave some out. The migrations of a tenant are one
transaction: a tenant that fails is as it was, is named with why and what to do, and costs the others
nothing. Tenants at the newest migration are looked at and left alone.

With --canary NUMBER so many are migrated first, one after the other; if one fails, nobody else is
touched. With --pause the run ends there, and --resume goes on with it. --dry-run migrates copies.

The run and each tenant are recorded in the catalog: migrate runs lists them, and migrate status says
what failed. A run that was interrupted, by kill -9 too, is resumed where it was.

Exit codes: 0 all are done; 3 some failed; 4 paused.`,
		Example:           "  migrate up --canary 3 --max-failures 10\n  migrate up --label ring=early --dry-run\n  migrate up --tenants late.txt --except 'demo-*'\n  migrate up --resume",
		ValidArgsFunction: t.completeTenants,
	}
	m.flags(cmd)
	cmd.Flags().IntVar(&m.options.Canaries, "canary", 0, "so many first, one by one (default: none)")
	cmd.Flags().BoolVar(&pause, "pause", false, "end the run after the canaries")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := m.read(cmd, args); err != nil {
			return err
		}
		if pause {
			if m.options.Canaries == 0 {
				return usage("--pause needs --canary: after how many to pause")
			}
			m.options.AfterCanaries = func(context.Context, []tenantdb.ID) error { return errPaused }
		}
		return t.run(cmd, m.w.purposeOr(toList, toChange), func(ctx context.Context, s *session) error {
			m.again = s.program() + " migrate up --resume"
			return s.runMigration(ctx, &m, s.tenants.migrateUp)
		})
	}
	return cmd
}
