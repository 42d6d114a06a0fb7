package tenantcli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// standings are how tenants may stand, in the order in which they are counted.
var standings = []fleet.Standing{fleet.Current, fleet.Behind, fleet.Ahead, fleet.Broken, fleet.Unknown}

func (t *tool) migrateStatus() *cobra.Command {
	var whom selecting
	verify, behind, exitCode := false, false, false
	cmd := &cobra.Command{
		Use:   "status [ID...]",
		Short: "Say which tenants lack migrations, and which failed",
		Long: `Status prints a line for each tenant: how it stands to the newest migration, as its file was found
when it was last looked at, and why it failed in the last run. Of a tenant that nobody has looked at
it is not known. With --verify all files are looked at.

Exit codes: 0; with --exit-code 4 if a tenant is not known to be current.`,
		Example:           "  migrate status --behind\n  migrate status --verify --exit-code --json",
		ValidArgsFunction: t.completeTenants,
	}
	whom.flags(cmd)
	cmd.Flags().BoolVar(&verify, "verify", false, "look at each file")
	cmd.Flags().BoolVar(&behind, "behind", false, "only those that are not current")
	cmd.Flags().BoolVar(&exitCode, "exit-code", false, "exit with 4 if one is not current")
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		o := fleet.StatusOptions{Workers: whom.workers}
		if o.Select, err = whom.read(cmd, args); err != nil {
			return err
		}
		if verify {
			o.Verify = fleet.LookAtFiles
		}
		return t.run(cmd, toList, func(ctx context.Context, s *session) error {
			counts := map[fleet.Standing]int{}
			for one, err := range s.tenants.migrateStatus(ctx, o) {
				if err != nil {
					return usageOf(err)
				}
				counts[one.State]++
				if behind && one.State == fleet.Current {
					continue
				}
				record := standingOf(one)
				if err := s.print(record, record.text(&s.terminal)); err != nil {
					return err
				}
			}
			text := standingsText(counts)
			// A service migrates a tenant when it opens it, and notes that nowhere.
			if counts[fleet.Unknown] > 0 || counts[fleet.Behind] > 0 && !verify {
				text += fmt.Sprintf("; %s migrate status --verify looks at them", s.program())
			}
			if exitCode && len(counts) > 0 && (len(counts) > 1 || counts[fleet.Current] == 0) {
				return &codedError{ExitPending, errors.New(text)}
			}
			if s.json {
				return nil
			}
			_, err := fmt.Fprintln(cmd.ErrOrStderr(), text)
			return err
		})
	}
	return cmd
}

func standingsText(counts map[fleet.Standing]int) string {
	var parts []string
	for _, state := range standings {
		if counts[state] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[state], state))
		}
	}
	if len(parts) == 0 {
		return "no tenants"
	}
	return strings.Join(parts, ", ")
}

func (t *tool) migrateRuns() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "runs",
		Short:   "List the runs of migrations, newest first",
		Long:    `Runs lists what migrate up, down and redo have done, by whom, and how it ended. A run whose process died is interrupted, and can be resumed.`,
		Example: "  migrate runs\n  migrate runs --json",
		Args:    arguments(),
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return t.run(cmd, toList, func(ctx context.Context, s *session) error {
			running, err := s.tenants.migrating(ctx)
			if err != nil {
				return err
			}
			for run, err := range s.catalog.Runs(ctx) {
				if err != nil {
					return err
				}
				record := runOf(run)
				if run.Outcome == catalog.RunRunning && !running {
					record.Outcome = interrupted
				}
				running = false // the newest is the only one that may be
				if err := s.print(record, record.text(&s.terminal)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return cmd
}
