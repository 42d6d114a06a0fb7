package tenantcli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/internal/nearest"
	"github.com/silokit/silo/tenantdb/fleet"
)

// rollup returns the command of that name, with those below it.
func (t *tool) rollup() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:     "rollup",
		Short:   "Sum tenants up into the global database, and say how far that is",
		Example: "  rollup status --max-lag 3h\n  rollup run\n  rollup run hourly --tenant acme --from 2026-03-01",
	})
	cmd.AddCommand(t.rollupRun(), t.rollupStatus(), t.rollupForget())
	return cmd
}

// summing is a call of rollup run.
type summing struct {
	w       writing
	whom    selecting
	tenants []string // IDs
	names   []string // of the rollups; none: all
	text    string   // what --from is
	from    time.Time
	options fleet.Options
}

func (t *tool) rollupRun() *cobra.Command {
	var m summing
	cmd := &cobra.Command{
		Use:   "run [NAME...]",
		Short: "Sum up what tenants have into the global database",
		Long: `Run runs the program's rollups, or those that are named, for all tenants that are meant: each from
where it is, less the look-back, to the last hour, day or month that has ended. Each window is in once,
however often and in however many processes that is done, so it may run beside the service's own
schedule. A tenant that fails is named with why, keeps the sums that it had, and costs the others
nothing. When it is interrupted, by kill -9 too, the next run goes on.

With --from TIME all windows since then are summed up again, as after an import of old rows, or for
another query: rows that came later than the look-back are not seen otherwise.

The rollups are those that the program makes. A program without any, as silo, has none to run.

Exit codes: 0; 2 there is no such rollup; 3 some tenants failed.`,
		Example:           "  rollup run\n  rollup run hourly --label plan=pro --dry-run\n  rollup run hourly monthly --tenant acme --from 2026-03-01",
		ValidArgsFunction: t.completeRollups,
	}
	m.w.dryRunFlag(cmd)
	m.whom.flags(cmd)
	cmd.Flags().StringArrayVar(&m.tenants, "tenant", nil, "only the tenant of this `ID`; may be given again")
	cmd.Flags().StringVar(&m.text, "from", "", "sum up again from the window that this `time` is in: 2026-03-01, of UTC, or 2026-03-01T12:00:00Z")
	cmd.Flags().IntVar(&m.options.MaxFailures, "max-failures", 0, "stop when so many tenants have failed (default: try all)")
	_ = cmd.RegisterFlagCompletionFunc("tenant", t.completeTenants)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if err := m.read(cmd, args); err != nil {
			return err
		}
		if t.options.Rollups == nil {
			return usage("this program has no rollups: run them by that of the service, which gives them to its commands (tenantcli.Options.Rollups)")
		}
		return t.run(cmd, m.w.purposeOr(toList, toChange), func(ctx context.Context, s *session) error {
			return s.sumUp(ctx, &m)
		})
	}
	return cmd
}

// read reads the call's arguments and flags.
func (m *summing) read(cmd *cobra.Command, args []string) (err error) {
	m.names, m.options.Workers = args, m.whom.workers
	if m.options.Select, err = m.whom.read(cmd, m.tenants); err != nil {
		return err
	}
	if m.options.MaxFailures < 0 {
		return usage("--max-failures is a number of tenants")
	}
	if cmd.Flags().Changed("from") {
		m.from, err = momentOf("--from", m.text)
	}
	return err
}

// momentOf reads a day, which begins at midnight of UTC, or a time with its zone.
func momentOf(flag, text string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil && !at.IsZero() {
			return at, nil
		}
	}
	return time.Time{}, usage("%s is %q: write a day as 2026-03-01, of UTC, or a time as 2026-03-01T12:00:00Z", flag, text)
}

// sumUp runs the rollups that are meant, one after the other.
func (s *session) sumUp(ctx context.Context, m *summing) error {
	rollups, err := s.rollups(ctx, m.names)
	if err != nil {
		return err
	}
	var c count
	for _, r := range rollups {
		if err := s.sumUpBy(ctx, m, r, &c); err != nil {
			return usageOf(err)
		}
	}
	return c.result()
}

// sumUpBy runs one rollup, and counts its tenants. Tenants that fail are printed; the error is what
// keeps the other rollups from being run.
func (s *session) sumUpBy(ctx context.Context, m *summing, r Rollup, c *count) error {
	plan, err := r.Plan(ctx, m.from, m.options)
	if err != nil {
		return err
	}
	record := summedUpOf(r.Name(), plan, m)
	if m.w.dryRun {
		c.good += plan.Tenants
		return s.print(record, record.text(&s.terminal))
	}
	doing := "summing up " + r.Name()
	progress := s.progress(doing, -1)
	defer progress.end()
	o, done := m.options, fleet.Progress{}
	o.Progress = func(p fleet.Progress) {
		done = p
		progress.says(doing + " " + speed(p))
		progress.at(int64(p.Done), int64(p.Total))
	}
	began := time.Now()
	if m.from.IsZero() {
		err = r.Run(ctx, o)
	} else {
		err = r.RunFrom(ctx, m.from, o)
	}
	progress.end()
	var partial *fleet.PartialError
	if errors.As(err, &partial) {
		for _, one := range partial.Failed {
			s.failed(c, one)
		}
	}
	c.good += done.Done - done.Failed
	switch {
	case ctx.Err() != nil:
		return &codedError{ExitError, fmt.Errorf("interrupted: %d of %d tenants are done; what is summed up stays, and the next run goes on", done.Done-done.Failed, plan.Tenants)}
	case partial != nil && errors.Is(err, fleet.ErrStopped):
		return &codedError{ExitPartial, fmt.Errorf("rollup %s: stopped: %d failed, %d were not tried", r.Name(), len(partial.Failed), partial.Left)}
	case err != nil && partial == nil:
		return err
	case partial != nil:
		record.Failed, record.Result = len(partial.Failed), failedResult
	}
	record.Took = time.Since(began).Milliseconds()
	return s.print(record, record.text(&s.terminal))
}

// rollups returns the program's rollups of these names, or all.
func (s *session) rollups(ctx context.Context, names []string) ([]Rollup, error) {
	all, err := s.options.Rollups(ctx, s.dir, s.catalog)
	if err != nil {
		return nil, err
	}
	byName := map[string]Rollup{}
	var known []string
	for _, r := range all {
		if _, twice := byName[r.Name()]; twice {
			return nil, fmt.Errorf("the program has two rollups of the name %s; give one another", r.Name())
		}
		byName[r.Name()] = r
		known = append(known, r.Name())
	}
	if len(names) == 0 {
		return all, nil
	}
	var found []Rollup
	for i, name := range names {
		r, ok := byName[name]
		if !ok {
			return nil, usage("the program has no rollup %q%s", name, meant(name, known))
		}
		if !slices.Contains(names[:i], name) {
			found = append(found, r)
		}
	}
	return found, nil
}

// meant ends a message about the name of a rollup that there is not.
func meant(wrong string, known []string) string {
	if len(known) == 0 {
		return ""
	}
	return nearest.Suggestion(wrong, known)
}

// completeRollups completes every argument with the names of the program's rollups.
func (t *tool) completeRollups(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if t.options.Rollups == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return t.complete(cmd, func(ctx context.Context, s *session) (found []cobra.Completion, _ error) {
		if s.catalog == nil {
			return nil, nil // to open the global database would make it
		}
		all, err := s.rollups(ctx, nil)
		for _, r := range all {
			found = append(found, r.Name())
		}
		return found, err
	})
}
