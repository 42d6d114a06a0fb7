package tenantcli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/fleet"
)

func (t *tool) rollupStatus() *cobra.Command {
	tolerated := ""
	cmd := &cobra.Command{
		Use:   "status [NAME...]",
		Short: "Say how far the rollups are",
		Long: `Status prints a line for each rollup that has ever run, or for those that are named: of how many
tenants a window that has ended is not summed up, through when all are, and how long ago the first
window ended that is not. It reads the catalog and opens no tenant. One that no program runs any more
is behind until rollup forget.

Exit codes: 0; with --max-lag 4 if a rollup is further behind, or none has ever run.`,
		Example:           "  rollup status\n  rollup status hourly --max-lag 3h --json",
		ValidArgsFunction: t.completeRan,
	}
	cmd.Flags().StringVar(&tolerated, "max-lag", "", "exit with 4 if one is behind for longer than this `time` (3h, 2d)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		most, err := spanFlag(cmd, "max-lag", tolerated)
		if err != nil {
			return err
		}
		return t.run(cmd, toList, func(ctx context.Context, s *session) error {
			now := time.Now()
			all, err := s.ran(ctx, now, args)
			if err != nil {
				return err
			}
			late := 0
			for _, one := range all {
				lag := one.Lag(now)
				if lag > most {
					late++
				}
				record := laggingOf(one, lag)
				if err := s.print(record, record.text(&s.terminal)); err != nil {
					return err
				}
			}
			switch {
			case !cmd.Flags().Changed("max-lag"):
				return nil
			case len(all) == 0:
				return &codedError{ExitPending, errors.New("no rollup has ever run")}
			case late > 0:
				return &codedError{ExitPending, fmt.Errorf("%d of %d rollups are behind for longer than %s", late, len(all), tolerated)}
			}
			return nil
		})
	}
	return cmd
}

// ran returns how far the rollups of these names are, or all that have ever run.
func (s *session) ran(ctx context.Context, now time.Time, names []string) ([]fleet.RollupStatus, error) {
	all, err := fleet.Rollups(ctx, s.catalog, now)
	if err != nil || len(names) == 0 {
		return all, err
	}
	var known []string
	for _, one := range all {
		known = append(known, one.Name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("no rollup %q has ever run%s", name, meant(name, known))
		}
	}
	return slices.DeleteFunc(all, func(one fleet.RollupStatus) bool { return !slices.Contains(names, one.Name) }), nil
}

// completeRan completes every argument with the names of rollups that have run.
func (t *tool) completeRan(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return t.complete(cmd, func(ctx context.Context, s *session) (found []cobra.Completion, _ error) {
		if s.catalog == nil {
			return nil, nil
		}
		all, err := fleet.Rollups(ctx, s.catalog, time.Now())
		for _, one := range all {
			found = append(found, cobra.CompletionWithDesc(clean(one.Name), "by the "+one.Period))
		}
		return found, err
	})
}
